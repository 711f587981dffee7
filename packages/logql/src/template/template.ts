import { invalid, LogQLError, type Span, unsupported } from '../error.js'
import { execute } from './execute.js'
import type { Template, TemplateInput } from './node.js'
import { TemplateParser, TemplateSyntaxError } from './parse-template.js'

/**
 * Parses a template of Go's `text/template`, with the functions that Loki gives it.
 *
 * @throws LogQLError: `invalid` where Loki refuses the template, `unsupported` for `define`, `template`, `block`, `break` and `continue`.
 */
export function parseTemplate(text: string, name: 'line' | 'label', span: Span): Template {
  try {
    const parser = new TemplateParser(text)
    const nodes = parser.parse()
    const [only] = nodes
    const argument =
      nodes.length === 1 &&
      only?.kind === 'action' &&
      only.pipe.declares.length === 0 &&
      only.pipe.commands.length === 1
        ? only.pipe.commands[0]?.arguments
        : undefined
    const [field] = argument?.length === 1 ? argument : []
    const onlyField = name === 'line' && field?.kind === 'field' && field.path.length === 1 ? field.path[0] : undefined
    return { name, text, nodes, fields: [...parser.fields], onlyField }
  } catch (error) {
    if (error instanceof LogQLError || !(error instanceof TemplateSyntaxError)) throw error
    if (error.unsupported) throw unsupported(`template: ${error.message}`, span)
    throw invalid(`invalid ${name} template: template: ${name}:${error.line}: ${error.message}`, span)
  }
}

/** Runs a template. Throws a TemplateError where Go's would fail. */
export function executeTemplate(template: Template, input: TemplateInput): string {
  return execute(template, input)
}
