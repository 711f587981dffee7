import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { line, REQUEST_ID, shop } from './shop.js'
import { folderWith, throughline, until } from './throughline.js'

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

/** A page in the browser: evaluates expressions in it, over the DevTools protocol. */
async function opened(path: string, ...flags: string[]): Promise<(expression: string) => Promise<unknown>> {
  const all = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--remote-debugging-port=0',
    `--user-data-dir=${folderWith()}`,
  ]
  const child = spawn(String(browser), [...all, ...flags, `file://${path}`], { stdio: ['ignore', 'ignore', 'pipe'] })
  const closed = once(child, 'close')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await closed
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  await until(() => said.includes('DevTools listening on'))
  const port = /127\.0\.0\.1:(\d+)/.exec(said)?.[1]
  const pages = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as {
    webSocketDebuggerUrl: string
    type: string
  }[]
  const socket = new WebSocket(String(pages.find(({ type }) => type === 'page')?.webSocketDebuggerUrl))
  await once(socket, 'open')
  onTestFinished(() => socket.close())
  let id = 0
  const evaluate = async (expression: string) => {
    socket.send(JSON.stringify({ id: ++id, method: 'Runtime.evaluate', params: { expression, returnByValue: true } }))
    for (;;) {
      const [data] = await once(socket, 'message')
      const message = JSON.parse(String(data))
      if (message.id === id) return message.result.result.value
    }
  }
  // Until then it may be the empty page that the browser began with.
  while ((await evaluate(`location.protocol + document.readyState`)) !== 'file:complete')
    await new Promise((resolve) => setTimeout(resolve, 20))
  return evaluate
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
    const evaluate = await opened(join(cwd, 'out.html'))
    expect(await evaluate('document.title')).toBe('req-1')
    const count = (tags: string) => evaluate(`document.querySelectorAll('${tags}').length`)
    expect(await count('details')).toBe(2)
    expect(await count('style')).toBe(1)
    expect(await count('script, img, iframe, link, object, [onerror], [onload], [onclick]')).toBe(0)
    expect(asked).toEqual([])
  })

  it.skipIf(noBrowser)(`filters its lines, and shows a line's JSON on a click${noBrowser}`, async () => {
    const cwd = folderWith(shop)
    await throughline(['trace', REQUEST_ID, '*.log', '--html', 'out.html'], { cwd })
    const evaluate = await opened(join(cwd, 'out.html'))
    const shown = `[...document.querySelectorAll('.line')].filter((line) => line.offsetHeight > 0).length`
    const type = (text: string) =>
      evaluate(`(() => {
        const input = document.querySelector('input')
        input.value = ${JSON.stringify(text)}
        input.dispatchEvent(new Event('input'))
        return [${shown}, document.querySelector('output').value]
      })()`)
    expect(await evaluate(shown)).toBe(9)
    expect(await type('BILLING')).toEqual([3, '3'])
    // A field that only the JSON has.
    expect(await type('"span_id": "00000000000000ba"')).toEqual([4, '4'])
    expect(await type('')).toEqual([9, '9'])
    const json = `document.querySelector('.line pre')`
    expect(await evaluate(`${json}.checkVisibility()`)).toBe(false)
    await evaluate(`document.querySelector('.line summary').click()`)
    expect(await evaluate(`${json}.checkVisibility()`)).toBe(true)
    expect(JSON.parse(String(await evaluate(`${json}.textContent`)))).toMatchObject({ request_id: REQUEST_ID })
  })

  it.skipIf(noBrowser)(`is dark where the system is${noBrowser}`, async () => {
    const cwd = folderWith(shop)
    await throughline(['trace', REQUEST_ID, '*.log', '--html', 'out.html'], { cwd })
    const background = async (...flags: string[]) =>
      (await opened(join(cwd, 'out.html'), ...flags))('getComputedStyle(document.body).backgroundColor')
    expect(await background()).toBe('rgb(255, 255, 255)')
    expect(await background('--blink-settings=preferredColorScheme=0')).toBe('rgb(20, 23, 28)')
  })
})
