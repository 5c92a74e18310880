/** The bare page of the metrics: it may load its own two files and nothing else. */

export interface PageFiles {
  /** Where the editor serves local files from. */
  readonly cspSource: string;
  readonly script: string;
  readonly style: string;
  /** A word nobody can guess, new for every page. */
  readonly nonce: string;
}

export function metricsHtml({ cspSource, script, style, nonce }: PageFiles): string {
  const policy = [
    "default-src 'none'",
    `style-src ${cspSource}`,
    `script-src 'nonce-${nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Podium Metrics</title>
    <link rel="stylesheet" href="${style}">
  </head>
  <body>
    <main id="metrics"></main>
    <script nonce="${nonce}" src="${script}"></script>
  </body>
</html>
`;
}
