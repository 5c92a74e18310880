/** Where a model is, as the settings say it. */
export interface Endpoint {
  /** Ends without a slash, e.g. `https://api.example.com/v1`. */
  readonly baseUrl: string;
  /** What keys and permissions are kept for: scheme, host and port. */
  readonly origin: string;
  readonly host: string;
  /** On this machine: nothing leaves it, and no key is needed. */
  readonly isLocal: boolean;
}

export type ParsedEndpoint =
  | { readonly kind: 'endpoint'; readonly endpoint: Endpoint }
  /** A sentence about what is wrong. */
  | { readonly kind: 'invalid'; readonly problem: string };

/** Reads an address. Only this machine may be spoken to without encryption: a key would be sent in the clear. */
export function parseEndpoint(text: string): ParsedEndpoint {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return invalid('The address must look like https://api.example.com/v1.');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return invalid('The address must begin with https://, or http:// for this machine.');
  if (url.username !== '' || url.password !== '')
    return invalid('The address must not contain a name or a password. Use Set API Key.');
  const isLocal = isLoopback(url.hostname);
  if (url.protocol === 'http:' && !isLocal)
    return invalid('Only addresses of this machine may use http://; a key would be sent in the clear.');
  const baseUrl = `${url.origin}${url.pathname}`.replace(/\/+$/, '');
  return { kind: 'endpoint', endpoint: { baseUrl, origin: url.origin, host: url.host, isLocal } };
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function invalid(problem: string): ParsedEndpoint {
  return { kind: 'invalid', problem };
}
