/**
 * Where we mean another thing than a peer, by the name that docs/explanation/decisions/redaction-and-pino.md gives it: the
 * tests of the peers' suites, by their beginning, of which at least one case each is answered otherwise.
 */
export const DIFFERENCES: Readonly<Record<string, readonly string[]>> = {
  'The value is `null`': [
    '@pinojs/redact: null and undefined handling',
    '@pinojs/redact: integration: null and undefined handling',
    'pino: redacts null at the top level',
  ],
  'A name that is no identifier': ['fast-redact: throws when passed illegal paths'],
  'An escaped quote in a path': ["fast-redact: supports path segments that aren't identifiers if bracketed"],
  'One path, not in a list': [
    'fast-redact: masks according to supplied censor function with wildcards',
    'fast-redact: masks according to supplied censor-with-path function with wildcards',
  ],
  'A path through a circle': [
    'fast-redact: handles circulars',
    'fast-redact: ultimate wildcards – handles circulars',
    'fast-redact: ultimate multi wildcards – handles circulars',
    'fast-redact: (leading brackets) ultimate wildcards – handles circulars',
  ],
  'A path that goes on behind the value': ['fast-redact: handles multi wildcards within arrays'],
  "A censor function's second argument": [
    'fast-redact: masks according to supplied censor-with-path function',
    'fast-redact: masks according to supplied censor-with-path function with nested wildcards',
    'fast-redact: handles multi wildcards within arrays with a censorFct',
    '@pinojs/redact: @pinojs/redact: *.',
    '@pinojs/redact: censor function',
    'pino: redact.censor option – can be a function that accepts value and path arguments',
    'pino: censor function should not be called for non-existent nested paths',
  ],
  'A censor that is neither text nor function': ['fast-redact: censor may be any type'],
  'A symbol': [
    'fast-redact: gracefully handles primitives that match intermediate keys',
    'fast-redact: ultimate wildcards - gracefully handles primitives',
    'fast-redact: parent wildcards - gracefully handles primitives',
  ],
  'What is no object': [
    'fast-redact: throws when passed non-object',
    'fast-redact: returns JSON.stringified value when passed non-object',
    'fast-redact: returns custom serialized value when passed non-object',
    'fast-redact: returns original value when passed non-object using',
    '@pinojs/redact: strict mode with primitives',
    '@pinojs/redact: integration: strict mode with primitives',
  ],
  '`serialize`': [
    'fast-redact: throws if a custom serializer is used and remove is true',
    'fast-redact: throws if serialize is false and remove is true',
    '@pinojs/redact: custom serialize function',
    '@pinojs/redact: integration: custom serialize function',
  ],
  'Inherited properties': ['@pinojs/redact: prototype pollution: wildcard with __proto__'],
  'A key `__proto__` of its own': ['@pinojs/redact: prototype pollution: malicious JSON payload'],
  'More than a line holds': ['@pinojs/redact: selective cloning performance'],
  'A message that is no text': [],
  "A child's own `redact`": ['pino: child can customize redact', 'pino: child can remove parent redact by array'],
  'A `toJSON`': ['ours: toJSON'],
  'Map and Set': ['ours: a Map', 'ours: a Set'],
  'An error': ["ours: an error's message", "ours: an error's cause"],
  'A URL, a header list': ['ours: a header list', 'ours: URLSearchParams'],
}
