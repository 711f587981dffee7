import { execFile, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { line, REQUEST_ID, shop } from './shop.js'
import { folderWith, throughline } from './throughline.js'

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const browser = BROWSERS.find((name) => {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})
const noBrowser = browser === undefined ? ` (skipped: no Chromium or Chrome is installed)` : ''

/** The page as the browser has it after it was loaded. */
async function opened(page: string): Promise<string> {
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${folderWith()}`, '--dump-dom']
  const { stdout } = await promisify(execFile)(String(browser), [...flags, `file://${page}`])
  return stdout
}

describe('the page of throughline trace --html', () => {
  it('holds everything, escaped, and asks for nothing', async () => {
    const cwd = folderWith(shop)
    const { stdout, stderr, status } = await throughline(['trace', REQUEST_ID, '*.log', '--html', 'out.html'], { cwd })
    expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 })
    const page = readFileSync(join(cwd, 'out.html'), 'utf8')
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(page).not.toMatch(/<script|\ssrc=|\shref=|@import|url\(/)
    for (const text of ['gateway POST /checkout', 'PaymentError: connect ECONNREFUSED', 'RangeError: out of memory'])
      expect(page).toContain(text)
  })

  it.skipIf(noBrowser)(`opens in Chromium, and no log line gets to run or to load anything${noBrowser}`, async () => {
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(String(request.url))
      response.end()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const attack = (name: string) =>
      `"'></title></style></details><img src="${url}/${name}"><script>document.title='owned'</script><style>@import '${url}/${name}.css'</style>`
    const hostile = line(1, 'ERROR', attack('service'), attack('message'), {
      request_id: 'r"><img>',
      error: attack('error'),
      traceback: attack('traceback'),
      method: attack('method'),
      path: attack('path'),
      [attack('key')]: attack('value'),
    })
    const cwd = folderWith({ 'a.log': hostile.replaceAll('r\\"><img>', 'req-1') })
    await throughline(['trace', 'req-1', 'a.log', '--html', 'out.html'], { cwd })
    const page = await opened(join(cwd, 'out.html'))
    expect(page).toContain('<title>req-1</title>')
    expect(page.match(/<(details|h1|tr|img|script|style)\b/g)?.sort()).toEqual(
      ['<details', '<h1', '<style', '<tr', '<tr'].sort(),
    )
    expect(asked).toEqual([])
  })
})
