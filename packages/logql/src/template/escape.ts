import { TemplateError } from './value.js'

const htmlEscapes: Readonly<Record<string, string>> = {
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\0': '\ufffd',
}

/** Escapes as `html` of Go's templates. */
export function htmlEscape(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is one of the characters that Go replaces
  return text.replace(/["'&<>\u0000]/g, (character) => htmlEscapes[character] ?? character)
}

const jsEscapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
}

/** Escapes as `js` of Go's templates. */
export function jsEscape(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Go escapes control characters
  return text.replace(/[\\'"<>&=\u0000-\u001f]/g, (character) => {
    return jsEscapes[character] ?? `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
  })
}

/** Escapes as Go's `url.QueryEscape`. */
export function queryEscape(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}

/** Unescapes as Go's `url.QueryUnescape`. */
export function queryUnescape(text: string): string {
  const wrong = /%(?![\da-fA-F]{2})/.exec(text)
  if (wrong) throw new TemplateError(`invalid URL escape ${JSON.stringify(text.slice(wrong.index, wrong.index + 3))}`)
  const bytes = text.replaceAll('+', ' ').split(/%([\da-fA-F]{2})/)
  return Buffer.concat(
    bytes.map((part, at) => (at % 2 === 1 ? Buffer.from([Number.parseInt(part, 16)]) : Buffer.from(part))),
  ).toString()
}
