/**
 * Loaded into core and worker before their own code. When the launcher is killed, the channel to it closes; the process
 * then drains and ends as on SIGTERM, instead of going on without anybody who could stop it.
 */
const LONGEST_DRAIN_MS = 35_000;

process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), LONGEST_DRAIN_MS).unref();
});
// The channel alone shall not keep a process alive that has finished its work.
process.channel?.unref();
