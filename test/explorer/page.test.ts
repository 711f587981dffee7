import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { line, REQUEST_ID, shop, TRACE_ID } from '../cli/shop.js'
import { folderWith } from '../cli/throughline.js'
import { bin, explorer } from './explorer.js'

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

function installed(): string {
  for (const name of BROWSERS) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8' }).trim()
    } catch {
      // The next name.
    }
  }
  throw new Error('these tests take Chromium or Chrome; on Debian: apt-get install chromium')
}

let browser: Browser
beforeAll(async () => {
  browser = await puppeteer.launch({ executablePath: installed(), args: ['--no-sandbox', '--disable-gpu'] })
})
afterAll(() => browser?.close())

/** Sixty requests, a second apart, each through three services, all failing in the last. */
function later(text: string, i: number): string {
  return text
    .replaceAll(/2024-01-22T10:15:23\.\d{3}Z/g, (time) => new Date(Date.parse(time) + i * 1000).toISOString())
    .replaceAll(REQUEST_ID, `req-${i}-abc`)
    .replaceAll(TRACE_ID, `4bf92f3577b34da6${i.toString(16).padStart(16, '0')}`)
    .replaceAll('"00000000000000', `"${i.toString(16).padStart(14, '0')}`)
    .replaceAll('bill-9', `bill-${i}`)
    .replaceAll('"level":', '"namespace":"production","level":')
}

const files = Object.fromEntries(
  Object.entries(shop).map(([name, text]) => {
    const requests = Array.from({ length: 60 }, (_, i) => later(text, i))
    return [name, requests.join('')]
  }),
)

interface Opened {
  readonly page: Page
  readonly cwd: string
  readonly token: string
  /** Addresses of other servers that were asked for. */
  readonly foreign: string[]
  readonly problems: string[]
}

async function opened(
  options: { readonly width?: number; readonly dark?: boolean; readonly extra?: string } = {},
): Promise<Opened> {
  const { width = 1280, dark = false, extra = '' } = options
  const cwd = folderWith({ ...files, 'extra.log': extra })
  const { address, url, token } = await explorer(['*.log'], { cwd })
  const context = await browser.createBrowserContext()
  const page = await context.newPage()
  onTestFinished(() => context.close())
  page.setDefaultTimeout(60_000)
  const [foreign, problems]: [string[], string[]] = [[], []]
  page.on('request', (request) => {
    if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(url)) foreign.push(request.url())
  })
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  await page.setViewport({ width, height: 800 })
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }])
  await page.goto(address)
  await page.waitForSelector('.builder')
  return { page, cwd, token, foreign, problems }
}

async function ask(page: Page, query: string): Promise<void> {
  await page.focus('.cm-content')
  await page.keyboard.down('Control')
  await page.keyboard.press('a')
  await page.keyboard.up('Control')
  await page.keyboard.sendCharacter(query)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Enter')
}

const text = (page: Page, selector: string) => page.$eval(selector, (element) => element.textContent ?? '')
const shows = (page: Page, selector: string, content: string) =>
  page.waitForFunction(
    (wanted, part) => document.querySelector(wanted)?.textContent?.includes(part) === true,
    {},
    selector,
    content,
  )

describe('the page', () => {
  it('is at most 170 kB to load, compressed', () => {
    const folder = join(dirname(bin), 'page')
    const sizes = ['index.html', 'page.js', 'page.css'].map((name) => gzipSync(readFileSync(join(folder, name))).length)
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(170_000)
  })

  it('loads, finds, counts and narrows, and asks no other server for anything', async () => {
    const { page, token, foreign, problems } = await opened()
    expect(page.url()).not.toContain(token)
    expect(await page.evaluate(() => document.cookie)).toBe('')
    await ask(page, '{namespace="production"} |= "ERROR" | json')
    await shows(page, '#found', '60 lines')
    await shows(page, '#account', '0 unreadable')
    await page.waitForSelector('.histogram canvas')
    expect(await text(page, '.legend')).toContain('ERROR 60')
    expect(page.url()).toContain('query=')
    expect(page.url()).not.toContain(token)
    // The stack of an error, unfolded, and a value to exclude.
    await page.click('.row')
    await shows(page, '.stack', 'at pay (/app/pay.js:10:5)')
    await ask(page, '{namespace="production"}')
    await shows(page, '#found', '720 lines')
    expect((await page.$$('.row')).length).toBeLessThanOrEqual(100)
    await page.waitForSelector('.facet-value')
    await page.click('[aria-label="Exclude level INFO"]')
    await shows(page, '.cm-content', 'level!="INFO"')
    await shows(page, '#found', '180 lines')
    await page.goBack()
    await shows(page, '#found', '720 lines')
    expect({ foreign, problems }).toEqual({ foreign: [], problems: [] })
  })

  it('looks closer where the histogram is dragged over', async () => {
    const { page } = await opened()
    await ask(page, '{namespace="production"}')
    await page.waitForSelector('.histogram .u-over')
    const box = await (await page.$('.histogram .u-over'))?.boundingBox()
    if (box === null || box === undefined) throw new Error('the histogram has no place')
    await page.mouse.move(box.x + box.width * 0.25, box.y + 20)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.5, box.y + 20, { steps: 5 })
    await page.mouse.up()
    await page.waitForFunction(() => location.hash.includes('range='))
    await page.waitForFunction(() => !document.querySelector('#found')?.textContent?.includes('720'))
    expect(await text(page, '#found')).toMatch(/^\d{3} lines/)
  })

  it('draws a metric, and names what is wrong with a query', async () => {
    const { page } = await opened()
    await ask(page, 'sum(count_over_time({namespace="production"} |= "ERROR"[10s])) by (app)')
    await page.waitForSelector('.chart canvas')
    expect(await text(page, '.series')).toContain('{app="api"}')
    await ask(page, '{namespace=')
    await page.waitForSelector('.problem')
    expect(await text(page, '.problem')).toMatch(/parse error|syntax/)
  })

  it('shows a request over all services', async () => {
    const { page, problems } = await opened()
    await ask(page, '{app="gateway"} | json | request_id="req-7-abc"')
    await page.waitForSelector('.request')
    await page.click('.request')
    await page.waitForSelector('.waterfall .hop')
    const shown = await text(page, '.request-view')
    for (const service of ['gateway', 'api', 'billing']) expect(shown).toContain(service)
    expect(page.url()).toContain('request=req-7-abc')
    expect(problems).toEqual([])
  })

  it('shows a line while it is written, and holds it back when paused', async () => {
    const { page, cwd } = await opened()
    await ask(page, '{app="live"}')
    await shows(page, '#found', '0 lines')
    await page.evaluate(() =>
      [...document.querySelectorAll('button')].find((each) => each.textContent === '▶ Live')?.click(),
    )
    await shows(page, '#found', 'live')
    const path = join(cwd, 'extra.log')
    // The tail is open when the first of these is seen.
    const timer = setInterval(() => appendFileSync(path, line(1, 'INFO', 'live', 'going by')), 200)
    onTestFinished(() => clearInterval(timer))
    await shows(page, '.list', 'going by')
    clearInterval(timer)
    await page.evaluate(() =>
      [...document.querySelectorAll('button')].find((each) => each.textContent === 'Pause')?.click(),
    )
    appendFileSync(path, line(2, 'INFO', 'live', 'held back'))
    await page.waitForFunction(() =>
      [...document.querySelectorAll('button')].some((each) => /Continue \([1-9]/.test(each.textContent ?? '')),
    )
    expect(await text(page, '.list')).not.toContain('held back')
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await page.keyboard.press('p')
    await shows(page, '.list', 'held back')
  })

  it('is used with the keyboard alone', async () => {
    const { page } = await opened()
    await page.evaluate(() => document.body.focus())
    await page.keyboard.press('/')
    await page.keyboard.sendCharacter('{app="api"} |= "ERROR"')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Enter')
    await shows(page, '#found', '60 lines')
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await page.keyboard.press('g')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    expect(await text(page, '.row.active')).toContain('Billing failed')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.details')
    await page.keyboard.press('Escape')
    await page.waitForFunction(() => document.querySelector('.details') === null)
    const unnamed = await page.$$eval(
      'button, input, select',
      (all) =>
        all.filter(
          (each) =>
            !each.textContent?.trim() &&
            !each.getAttribute('aria-label') &&
            !each.closest('label') &&
            !each.closest('.cm-editor'),
        ).length,
    )
    expect(unnamed).toBe(0)
  })

  it.each([
    { width: 390, dark: false },
    { width: 390, dark: true },
    { width: 1280, dark: true },
  ])('fits into $width pixels, dark: $dark', async ({ width, dark }) => {
    const { page } = await opened({ width, dark })
    await ask(page, '{namespace="production"}')
    await shows(page, '#found', '720 lines')
    await page.waitForSelector('.row')
    const { overflow, back } = await page.evaluate(() => ({
      overflow: document.documentElement.scrollWidth - innerWidth,
      back: getComputedStyle(document.body).backgroundColor,
    }))
    expect(overflow).toBeLessThanOrEqual(0)
    expect(back).toBe(dark ? 'rgb(20, 24, 30)' : 'rgb(255, 255, 255)')
  })

  it('keeps what a line says text', async () => {
    const attack = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`
    const hostile = line(1, 'ERROR', attack, attack, {
      namespace: 'production',
      request_id: attack,
      [attack]: attack,
      traceback: `${attack}\n    at x`,
    })
    const { page, foreign } = await opened({ extra: hostile })
    await ask(page, '{namespace="production"} |= "onerror" | json')
    await page.waitForSelector('.row')
    await page.click('.row')
    await page.waitForSelector('.details')
    expect(await page.title()).toBe('throughline explorer')
    expect(await page.$$eval('#page img, #page script', (all) => all.length)).toBe(0)
    expect(foreign).toEqual([])
  })

  it('says when a result is sampled, and offers the exact counts', async () => {
    const sampled = line(1, 'INFO', 'sampled', 'Request completed', { sample_rate: 0.01 })
    const { page } = await opened({ extra: sampled })
    await ask(page, '{app="sampled"}')
    await page.waitForSelector('#sampled')
    await page.click('#sampled button')
    await shows(page, '.cm-content', 'Request summary')
  })
})

describe('the pictures of the documentation', () => {
  it('are made of the page', async () => {
    const pictures =
      process.env.UPDATE_PICTURES === undefined ? folderWith() : join(import.meta.dirname, '../../docs/public')
    mkdirSync(pictures, { recursive: true })
    const { page } = await opened()
    await ask(page, '{namespace="production"} | json')
    await shows(page, '#found', '720 lines')
    await page.waitForSelector('.facet-value')
    await page.waitForSelector('.histogram canvas')
    await page.screenshot({ path: join(pictures, 'explorer.png') })
    await ask(page, '{app="gateway"} | json | request_id="req-7-abc"')
    await page.waitForSelector('.request')
    await page.click('.request')
    await page.waitForSelector('.waterfall .hop')
    await page.screenshot({ path: join(pictures, 'explorer-request.png') })
    expect(readFileSync(join(pictures, 'explorer.png')).length).toBeGreaterThan(10_000)
  })
})
