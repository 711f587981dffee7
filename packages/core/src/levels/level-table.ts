import { warnOnce } from '../warn.js'
import { compareSpecificity, covers, type Directive, matches } from './directives.js'
import { type LevelThreshold, levelNumber, SILENT } from './level.js'
import { follow, live } from './live-levels.js'

/** A level set on a logger by hand, and when. */
export interface OwnLevel {
  readonly level: LevelThreshold
  /** The last live change before it: a later one is stronger. */
  readonly epoch: number
}

/**
 * The gate of one module's loggers: the logger compares a call's level with `gate`, and only a call that passes asks
 * anything else.
 */
export class LevelScope {
  /** The lowest level that anything could let through: the one comparison of a disabled call. */
  gate = 0
  /** The level from which lines pass in every context. */
  threshold = 0
  /** False when a passing call has nothing further to ask: no directive looks at the context, and nothing is held. */
  asks = false
  private conditional: readonly Directive[] = []

  constructor(
    readonly module: string,
    /** The level set by `log.level = …` or `child(…, { level })`, on the logger or one that it descends from. */
    readonly own: OwnLevel | undefined,
  ) {}

  update(threshold: number, conditional: readonly Directive[], hold: number): void {
    this.threshold = threshold
    this.conditional = conditional
    const lowest = conditional.reduce((least, { number }) => Math.min(least, number), SILENT)
    this.gate = Math.min(threshold, lowest, hold)
    this.asks = conditional.length > 0 || hold < threshold
  }

  /** Whether a line of this level is let through in a context with these fields. */
  admits(level: number, fields: Readonly<Record<string, unknown>> | undefined): boolean {
    if (fields !== undefined) {
      for (const directive of this.conditional) if (matches(directive, fields)) return level >= directive.number
    }
    return level >= this.threshold
  }
}

/** The levels of one root logger and all its children. */
export class LevelTable {
  private readonly scopes = new Map<string, LevelScope>()
  private own: OwnLevel | undefined

  constructor(
    private readonly environment: readonly Directive[],
    private readonly code: readonly Directive[],
    private readonly fallback: LevelThreshold,
    /** The level from which an operation holds lines that are not admitted; `SILENT` when none are. */
    private readonly hold: number,
  ) {
    follow(this)
  }

  /** A level that is set on a logger now. */
  ownLevel(level: LevelThreshold): OwnLevel {
    return { level, epoch: live.epoch }
  }

  /** The gate of a module, or of a logger of that module whose level was set by hand. */
  scope(module: string, own?: OwnLevel): LevelScope {
    const key = own === undefined ? module : `${module}\n${own.level}\n${own.epoch}`
    let scope = this.scopes.get(key)
    if (scope === undefined) {
      scope = new LevelScope(module, own)
      this.refreshScope(scope)
      if (this.scopes.size < MOST_SCOPES) this.scopes.set(key, scope)
      else warnOnce(`more than ${MOST_SCOPES} logger names: later ones keep the level they were made with`)
    }
    return scope
  }

  /** Sets the level of the root logger; every logger without a level of its own follows. */
  setRoot(level: LevelThreshold): void {
    this.own = this.ownLevel(level)
    this.refresh()
  }

  refresh(): void {
    for (const scope of this.scopes.values()) this.refreshScope(scope)
  }

  private refreshScope(scope: LevelScope): void {
    const layers = [this.code, this.environment, ...live.layers.map(({ directives }) => directives)]
    const about = layers.map((layer) => layer.filter((directive) => covers(directive, scope.module)))
    scope.update(this.thresholdOf(scope, about), conditionalOf(about), this.hold)
  }

  /** The later change wins: newer live layers, the logger's own level, older live layers, environment, code. */
  private thresholdOf(scope: LevelScope, about: readonly (readonly Directive[])[]): number {
    const own = scope.own ?? this.own
    for (let i = about.length - 1; i >= 0; i--) {
      const epoch = live.layers[i - 2]?.epoch ?? 0
      if (own !== undefined && epoch <= own.epoch) return levelNumber(own.level)
      const decisive = mostSpecific((about[i] ?? []).filter(({ fields }) => fields.length === 0))
      if (decisive !== undefined) return decisive.number
    }
    return levelNumber(this.fallback)
  }
}

/** Far above the number of modules of any service; a name made from data (a user's id) would otherwise be a leak. */
const MOST_SCOPES = 10_000

function mostSpecific(directives: readonly Directive[]): Directive | undefined {
  let best: Directive | undefined
  for (const directive of directives) {
    if (best === undefined || compareSpecificity(directive, best) >= 0) best = directive
  }
  return best
}

/** Directives with fields, the one that decides first in front: of the latest layer, of these the most specific. */
function conditionalOf(about: readonly (readonly Directive[])[]): readonly Directive[] {
  return about.toReversed().flatMap((layer) =>
    layer
      .filter(({ fields }) => fields.length > 0)
      .reverse()
      .sort((a, b) => compareSpecificity(b, a)),
  )
}
