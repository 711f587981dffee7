import type { LabelFormat } from '../query.js'
import type { Template } from '../template/node.js'
import { executeTemplate } from '../template/template.js'
import { TemplateError } from '../template/value.js'
import type { Entry, Stage } from './entry.js'

const templateError = 'TemplateFormatErr'

/** `| line_format "{{.method}} {{.path}}"`. A template that fails keeps the line as it was and sets `__error__`. */
export function createLineFormat(template: Template): Stage {
  return (entry) => {
    const text = template.onlyField === undefined ? run(template, entry, entry.labels()) : entry.get(template.onlyField)
    if (text !== undefined) entry.line = text
    else if (template.onlyField !== undefined) entry.line = ''
    return true
  }
}

/** `| label_format a=b, c="{{.d}}"`. All templates of a stage see the labels as they were before its first one. */
export function createLabelFormat(formats: readonly LabelFormat[]): Stage {
  return (entry) => {
    let before: Record<string, string> | undefined
    for (const format of formats) {
      if (format.kind === 'rename') {
        const value = entry.get(format.from)
        if (value === undefined) continue
        entry.set(format.label, value)
        entry.delete(format.from)
      } else {
        before ??= entry.labels()
        const text = run(format.template, entry, before)
        if (text !== undefined) entry.set(format.label, text)
      }
    }
    return true
  }
}

function run(template: Template, entry: Entry, labels: Readonly<Record<string, string>>): string | undefined {
  try {
    return executeTemplate(template, { labels, line: entry.line, time: entry.time })
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    entry.fail(templateError, error.message)
    return undefined
  }
}
