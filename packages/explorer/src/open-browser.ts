import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** How a browser is opened: a command and what stands before the address. */
function opener(): readonly [command: string, args: readonly string[]] | undefined {
  if (process.platform === 'darwin') return ['open', []]
  if (process.platform === 'win32') return ['cmd', ['/c', 'start', '']]
  const hasDisplay = process.env.DISPLAY !== undefined || process.env.WAYLAND_DISPLAY !== undefined
  return hasDisplay ? ['xdg-open', []] : undefined
}

/**
 * Opens the page. The address holds the token, and every user of a machine sees the arguments of its programs: the browser is
 * given a file that only this user can read, which leads on.
 *
 * @param folder A folder that only this user may enter.
 */
export function openBrowser(address: string, folder: string): void {
  const found = opener()
  if (found === undefined) return
  const [command, args] = found
  const path = join(folder, 'open.html')
  const page = `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${address}">`
  writeFileSync(path, page, { mode: 0o600 })
  const child = spawn(command, [...args, path], { stdio: 'ignore', detached: true })
  // The address was printed too.
  child.on('error', () => {})
  child.unref()
}
