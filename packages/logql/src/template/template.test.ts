import { describe, expect, it } from 'vitest'
import { executeTemplate, parseTemplate } from './template.js'

const input = {
  labels: { method: 'GET', path: '/users/7', status: '200', size: '1.5MiB', empty: '' },
  line: '{"a":[1,{"b":"x"}],"n":1e21}',
  time: 1_796_127_646_499_000_001n,
}

function run(text: string): string {
  return executeTemplate(parseTemplate(text, 'line', { from: 0, to: 0 }), input)
}

describe('a template', () => {
  it.each([
    ['{{ .method }}-{{.missing}}-{{ .empty }}', 'GET--'],
    ['a {{- " b " -}} c', 'a b c'],
    ['{{ if and .method (eq .status "200" "204") }}ok{{ else }}no{{ end }}', 'ok'],
    ['{{ if eq .status "1" }}1{{ else if eq .status "200" }}2{{ else }}3{{ end }}', '2'],
    ['{{ range $i, $x := (fromJson __line__).a }}{{ $i }}={{ $x }};{{ end }}', '0=1;1=map[b:x];'],
    ['{{ range fromJson "[]" }}x{{ else }}none{{ end }}', 'none'],
    ['{{ $x := "a" }}{{ if true }}{{ $x = "b" }}{{ end }}{{ $x }}', 'b'],
    ['{{ with .method }}{{ . }}{{ $.path }}{{ end }}', 'GET/users/7'],
    ['{{ (fromJson __line__).n }} {{ (fromJson __line__).none }}', '1e+21 <no value>'],
    ['{{ index (fromJson __line__).a 0 }} {{ len .path }} {{ slice .path 1 3 }}', '1 8 us'],
    [
      '{{ printf "%5s|%-5s|%05d|%.2f|%x|%v|%d" "a" "b" 42 1.005 "hi" true "s" }}',
      '    a|b    |00042|1.00|6869|true|%!d(string=s)',
    ],
    [
      '{{ divf 2 3 }} {{ mulf 0.1 3 }} {{ addf 0.1 0.2 }} {{ div 7 2 }} {{ mod 7 2 }}',
      '0.6666666666666667 0.3 0.3 3 1',
    ],
    ['{{ bytes .size }} {{ round 2.5 0 }} {{ int "12.9" }} {{ int "12.0" }}', '1.572864e+06 3 0 12'],
    ['{{ __timestamp__.Unix }} {{ __timestamp__.Format "Jan 2 15:04:05.000" }}', '1796127646 Dec 1 12:20:46.499'],
    ['{{ toDate "2006-01-02" "2024-02-29" | date "Mon 02 Jan 06" }}', 'Thu 29 Feb 24'],
    ['{{ toDateInZone "2006-01-02 15:04" "Europe/Berlin" "2024-07-01 12:00" | unixEpoch }}', '1719828000'],
    ['{{ regexReplaceAll "(\\\\w+)/(?P<id>\\\\d)" .path "$id-$1" }}', '/7-users'],
    ['{{ "x" | repeat 3 | trunc 2 | printf "%s!" }}', 'xx!'],
    ['{{ html "<&>" }} {{ js "it\'s" }} {{ urlquery "a b&c" }}', "&lt;&amp;&gt; it\\'s a+b%26c"],
    ['{{ default "d" .empty }} {{ not .empty }} {{ gt 2 1 }} {{ le 1.5 1.5 }}', 'd true true true'],
  ])('%s', (text, expected) => expect(run(text)).toBe(expected))
})

describe('a template that fails', () => {
  it.each([
    [
      '{{ divf .status 0 }}',
      'template: line:1:3: executing "line" at <divf .status 0>: error calling divf: decimal division by 0',
    ],
    [
      '{{ div 1 0 }}',
      'template: line:1:3: executing "line" at <div 1 0>: error calling div: runtime error: integer divide by zero',
    ],
    [
      '\n{{ regexReplaceAll "(" .method "x" }}',
      'template: line:2:3: executing "line" at <regexReplaceAll "(" ...>: error calling regexReplaceAll: error parsing regexp: missing closing ): `(`',
    ],
    [
      '{{ trunc .status "x" }}',
      'template: line:1:9: executing "line" at <.status>: wrong type for value; expected int; got string',
    ],
    [
      '{{ eq .status 200 }}',
      'template: line:1:3: executing "line" at <eq .status 200>: error calling eq: incompatible types for comparison',
    ],
    ['{{ lower }}', 'template: line:1:3: executing "line" at <lower>: wrong number of args for lower: want 1 got 0'],
  ])('%j', (text, message) => expect(() => run(text)).toThrow(message))

  it.each([
    ['{{ .a', 'unclosed action'],
    ['{{ if .a }}', 'unexpected EOF'],
    ['{{ end }}', 'unexpected {{end}}'],
    ['{{ $x }}', 'undefined variable "$x"'],
    ['{{ nosuch }}', 'function "nosuch" not defined'],
    ['{{ }}', 'missing value for command'],
  ])('to parse: %s', (text, message) => expect(() => run(text)).toThrow(message))
})
