import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { LokiServer } from '../shipping/loki-server.ts'
import { LevelChanges } from './level-changes.ts'
import { Moods } from './moods.ts'
import { Rotation } from './rotation.ts'
import { type Farewell, Service } from './service.ts'
import { Traffic } from './traffic.ts'

/** One service with all that befell it. */
export interface Witness {
  readonly service: Service
  readonly traffic: Traffic
  readonly rotation: Rotation
  readonly levels: LevelChanges
  readonly farewell: Farewell
}

/** What is left when the services have ended. */
export interface Remains {
  readonly seconds: number
  readonly witnesses: readonly Witness[]
  readonly loki: LokiServer
  readonly moods: Moods
  /** Logs, levels and spools. */
  readonly folder: string
}

interface Settings {
  readonly seconds: number
  /** The services do wrong on purpose what is looked for at the end. */
  readonly isBroken: boolean
}

/** Longer than a transport waits between two attempts, so that it meets each. */
const LEAST_MOOD_MS = 600
/** Every so many phases the logs are rotated, and levels changed. */
const PHASES_BETWEEN = 5
/** A machine that is slow gets through few phases in the time: the run goes on until there were two of each change. */
const LEAST_PHASES = 2 * PHASES_BETWEEN + 2
/** And until the store was in every mood; what keeps it from that for so long is no slowness. */
const PATIENCE_MS = 120_000

/** Runs Express in front of Fastify for so long, and hands over what is left; the folder is removed after that. */
export async function soak<T>(settings: Settings, examine: (remains: Remains) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-soak-'))
  const loki = await LokiServer.start()
  const services: Service[] = []
  const begin = async (framework: string, next?: string) => {
    const path = (name: string) => join(folder, `${framework}.${name}`)
    const [logPath, spoolDir, levelPath] = [path('log'), path('spool'), path('level')]
    writeFileSync(levelPath, '')
    const { isBroken } = settings
    const service = await Service.start(framework, { url: loki.url, logPath, spoolDir, levelPath, next, isBroken })
    services.push(service)
    return { service, rotation: new Rotation(service), levels: new LevelChanges(service, levelPath) }
  }
  try {
    const behind = await begin('fastify')
    const front = await begin('express', behind.service.url)
    const back = { ...behind, traffic: new Traffic(behind.service, undefined) }
    const running = [back, { ...front, traffic: new Traffic(front.service, back.traffic) }]
    const moods = new Moods(loki, Math.max(LEAST_MOOD_MS, settings.seconds * 10))
    await live(running, moods, settings.seconds)
    await moods.recover()
    const witnesses: Witness[] = []
    // The one in front first: it calls the other.
    for (const each of running.toReversed()) {
      await each.traffic.close()
      witnesses.push({ ...each, farewell: await each.service.stop() })
    }
    return await examine({ seconds: settings.seconds, witnesses, loki, moods, folder })
  } finally {
    for (const service of services) service.kill()
    await loki.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function live(running: readonly Omit<Witness, 'farewell'>[], moods: Moods, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000
  const phaseMs = Math.max(500, seconds * 1000) / 60
  const hasSeenAll = (phases: number) =>
    (phases >= LEAST_PHASES && moods.haveAllBeen) || performance.now() > end + PATIENCE_MS
  for (let phase = 1; performance.now() < end || !hasSeenAll(phase - 1); phase++) {
    const isTime = phase % PHASES_BETWEEN === 0
    const until = performance.now() + phaseMs
    await Promise.all(
      running.flatMap(({ traffic, levels, rotation }) => [
        traffic.until(until),
        isTime ? levels.change() : undefined,
        isTime ? delay(phaseMs / 2).then(() => rotation.rotate()) : undefined,
      ]),
    )
    // Between two phases nothing is under way, so that what is in use is what is kept.
    for (const { service } of running) await service.measure()
  }
}
