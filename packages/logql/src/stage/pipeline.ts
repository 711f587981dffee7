import type { LabelFilter, NamedMatcher, StagePlan } from '../query.js'
import { compileRegexp } from '../regexp.js'
import type { Stage } from './entry.js'
import { type Entry, errorDetailsLabel, errorLabel, preserveErrorLabel } from './entry.js'
import { createLabelFormat, createLineFormat } from './format.js'
import type { EarlyFilter } from './hints.js'
import { jsonStage } from './json.js'
import { createJsonExtraction } from './json-extract.js'
import { createLabelFilter, filterLabels } from './label-filter.js'
import { createLineFilter } from './line-filter.js'
import { createLogfmtExtraction, createLogfmtStage } from './logfmt.js'
import { createPatternStage } from './pattern.js'
import { createRegexpStage } from './regexp-stage.js'
import { unpackStage } from './unpack.js'

/** Compiles stages. Throws a LogQLError where Loki refuses one, as for a broken pattern. */
export function compileStages(plans: readonly StagePlan[]): readonly Stage[] {
  return plans.map(compileStage)
}

function compileStage(plan: StagePlan): Stage {
  switch (plan.kind) {
    case 'line':
      return createLineFilter(plan)
    case 'json':
      return plan.extract ? createJsonExtraction(plan.extract) : jsonStage
    case 'logfmt':
      return plan.extract ? createLogfmtExtraction(plan.extract, plan) : createLogfmtStage(plan)
    case 'regexp':
      return createRegexpStage(plan.pattern, plan.span)
    case 'pattern':
      return createPatternStage(plan.pattern, plan.span)
    case 'unpack':
      return unpackStage
    case 'decolorize':
      return createDecolorize()
    case 'filter':
      return createLabelFilter(plan.filter)
    case 'line_format':
      return createLineFormat(plan.template)
    case 'label_format':
      return createLabelFormat(plan.formats)
    case 'drop':
      return createDrop(plan.labels)
    case 'keep':
      return createKeep(plan.labels)
  }
}

/** Checks stages. Throws a LogQLError where Loki refuses one. */
export function validatePipeline(plans: readonly StagePlan[]): void {
  compileStages(plans)
}

/** Runs stages. Returns whether the line is kept. */
export function runStages(stages: readonly Stage[], entry: Entry): boolean {
  for (const stage of stages) if (!stage(entry)) return false
  return true
}

/** Returns the names of the labels that stages read. */
export function stageLabels(plans: readonly StagePlan[]): readonly string[] {
  return plans.flatMap((plan) => {
    switch (plan.kind) {
      case 'filter':
        return filterLabels(plan.filter)
      case 'line_format':
        return plan.template.fields
      case 'label_format':
        return plan.formats.flatMap((format) => (format.kind === 'rename' ? [format.from] : format.template.fields))
      default:
        return []
    }
  })
}

/** Returns the label filters that parsers apply early: those of one label each. */
export function earlyFilters(filters: readonly LabelFilter[]): readonly EarlyFilter[] {
  return filters.flatMap((filter) =>
    'left' in filter ? [] : [{ name: nameOf(filter), filter: createLabelFilter(filter) }],
  )
}

function nameOf(filter: Exclude<LabelFilter, { readonly left: unknown }>): string {
  return filter.kind === 'matcher' ? filter.matcher.name : filter.name
}

/** What Loki takes for the escape sequences of a terminal. */
const escapeSequence =
  '[\u001B\u009B][[\\]()#;?]*(?:(?:(?:[a-zA-Z\\d]*(?:;[a-zA-Z\\d]*)*)?\u0007)|(?:(?:\\d{1,4}(?:;\\d{0,4})*)?[\\dA-PRZcf-ntqry=><~]))'

function createDecolorize(): Stage {
  const regexp = compileRegexp(escapeSequence)
  return (entry) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (/[\u001b\u009b]/.test(entry.line)) entry.line = regexp.replaceAll(entry.line, '')
    return true
  }
}

function createDrop(labels: readonly NamedMatcher[]): Stage {
  return (entry) => {
    for (const { name, matcher } of labels) {
      if (name === errorLabel) {
        if (!matcher || matcher.test(entry.error)) entry.error = ''
      } else if (name === errorDetailsLabel) {
        if (!matcher || matcher.test(entry.errorDetails)) entry.errorDetails = ''
      } else {
        const value = entry.get(name)
        if (matcher ? matcher.test(value ?? '') : value !== undefined) entry.delete(name)
      }
    }
    return true
  }
}

const special: readonly string[] = [errorLabel, errorDetailsLabel, preserveErrorLabel]

function createKeep(labels: readonly NamedMatcher[]): Stage {
  return (entry) => {
    for (const [name, value] of Object.entries(entry.labels())) {
      if (special.includes(name)) continue
      if (!labels.some((label) => label.name === name && (label.matcher?.test(value) ?? true))) entry.delete(name)
    }
    return true
  }
}
