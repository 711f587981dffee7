import { type PathState, ruleWithin, step } from './paths.js'
import { ALLOWED } from './redactor.js'

/**
 * Which parts of an Error under `error` are secret, by the names that it has as an object. Its stack begins with its type and
 * message and ends with its causes, so that whoever hides one of them hides it there too.
 */
export interface ErrorRules {
  readonly whole: string | undefined
  readonly message: string | undefined
  readonly type: string | undefined
  readonly code: string | undefined
  readonly traceback: string | undefined
  /** Causes and inner errors: the traceback ends before them. */
  readonly causes: string | undefined
}

/**
 * @param state Where the paths lead with the error's key.
 * @param keyRule The rule that makes a key secret wherever it stands.
 */
export function errorRules(
  state: PathState | undefined,
  keyRule: (key: string) => string | undefined,
): ErrorRules | undefined {
  const named = (key: string) => {
    const found = keyRule(key)
    return found === ALLOWED ? undefined : found
  }
  const rule = (key: string) => (state === undefined ? undefined : step(state, key)?.rule) ?? named(key)
  const within = (key: string) => (state === undefined ? undefined : ruleWithin(step(state, key))) ?? named(key)
  const message = rule('message')
  const type = rule('type') ?? rule('name')
  const rules = {
    whole: state?.rule ?? named('error'),
    message,
    type,
    code: rule('code'),
    traceback: message ?? type ?? rule('stack'),
    causes: within('cause') ?? within('errors'),
  }
  return Object.values(rules).every((one) => one === undefined) ? undefined : rules
}
