import { spawn } from 'node:child_process'

/**
 * A shell of a few hundred kilobytes that reads from a pipe we hold. The pipe closes when we are gone, however that came about, and the
 * shell then ends the process it guards. Returns how to dismiss it.
 */
export function guard(pid: number, signal: NodeJS.Signals): () => void {
  const script = `trap '' INT TERM HUP; read -r word; [ "$word" = over ] || kill -${signal.slice(3)} ${pid} 2>/dev/null`
  const shell = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  shell.on('error', () => {})
  shell.stdin.on('error', () => {})
  shell.unref()
  return () => void shell.stdin.end('over\n')
}
