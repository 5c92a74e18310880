/**
 * Loaded into the editor's server before its own code: ends it when whoever started it is gone, even if that
 * one was killed and could say nothing. The sign is the end of standard input, a pipe nobody else holds.
 */
if (process.env.PODIUM_LEASH === String(process.ppid)) {
  process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM'));
  process.stdin.on('error', () => process.kill(process.pid, 'SIGTERM'));
  process.stdin.resume();
  process.stdin.unref();
}
