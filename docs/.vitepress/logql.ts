import type { MarkdownOptions } from 'vitepress'

type LanguageInput = NonNullable<MarkdownOptions['languages']>[number]

/** LogQL for the highlighter, which has no grammar of it: enough to tell selectors, filters, functions and texts apart. */
export const logql: LanguageInput = {
  name: 'logql',
  scopeName: 'source.logql',
  repository: {},
  patterns: [
    { name: 'comment.line.number-sign.logql', match: '#.*$' },
    {
      name: 'string.quoted.double.logql',
      begin: '"',
      end: '"',
      patterns: [{ name: 'constant.character.escape.logql', match: '\\\\.' }],
    },
    { name: 'string.quoted.raw.logql', begin: '`', end: '`' },
    { name: 'constant.numeric.logql', match: '\\b[0-9]+(\\.[0-9]+)?(ns|us|ms|[smhdwy])?\\b' },
    {
      name: 'keyword.operator.word.logql',
      match: '\\b(and|or|unless|by|without|on|ignoring|group_left|group_right|offset|bool)\\b',
    },
    {
      name: 'keyword.control.logql',
      match: '\\b(json|logfmt|regexp|pattern|unpack|decolorize|line_format|label_format|drop|keep|unwrap)\\b',
    },
    { name: 'support.function.logql', match: '\\b[a-z_]+(?=\\s*\\()' },
    { name: 'variable.other.logql', match: '\\b[A-Za-z_][A-Za-z0-9_]*\\b' },
    { name: 'keyword.operator.logql', match: '\\|[=~]?|[!=]~|[=!<>]=?|[-+*/%^]' },
  ],
}
