/** The page's style. Colours are variables, so that the dark half is a list of them. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1f2328; --faint: #656d76; --back: #fff; --raised: #f6f8fa; --line: #d8dee4;
  --bar: #2a7de1; --call: #a5adb8; --bad: #c93c37; --warn: #9a6700; --good: #1a7f37; --name: #0550ae }
@media (prefers-color-scheme: dark) { :root { --text: #d6dbe1; --faint: #8b949e; --back: #14171c; --raised: #1c2128; --line: #30363d;
  --bar: #4c97f0; --call: #6e7681; --bad: #f47067; --warn: #d4a72c; --good: #57ab5a; --name: #6cb6ff } }
* { box-sizing: border-box }
body { font: 14px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); margin: 2.5em auto; max-width: 78em; padding: 0 1.5em }
h1 { font: 600 1.3em/1.4 ui-monospace, monospace; overflow-wrap: anywhere; margin: 0 }
h2 { font-size: 1em; margin: 0 }
p { margin: .2em 0 }
.faint { color: var(--faint) }
.bad { color: var(--bad) } .warn { color: var(--warn) } .good { color: var(--good) } .name { color: var(--name) }
section { margin: 2em 0 }
summary { cursor: pointer; list-style: none; border-radius: 4px }
summary::-webkit-details-marker { display: none }
summary:hover, details[open] > summary { background: var(--raised) }
summary:focus-visible { outline: 2px solid var(--bar); outline-offset: -2px }
code, pre { font: 12px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 }
pre { background: var(--raised); border-radius: 4px; padding: .8em 1em; margin: .4em 0 .8em }
.axis, .hop > summary { display: grid; grid-template-columns: 36% 3em 1fr 6em; gap: .8em; align-items: center }
.axis span:nth-child(4) { text-align: right }
.hop > summary { padding: .25em .4em; border-top: 1px solid var(--line) }
.label { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.track { position: relative; height: .55em; border-radius: 3px; background: var(--raised) }
.bar { position: absolute; top: 0; height: 100%; min-width: 3px; border-radius: 3px; background: var(--bar) }
.call .bar { background: var(--call) } .failed .bar { background: var(--bad) }
.duration { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.failure { grid-column: 1 / -1; color: var(--bad); overflow-wrap: anywhere; text-indent: 1.3em }
.head { display: flex; gap: 1em; align-items: baseline; margin-bottom: .6em }
.head input { flex: 1; max-width: 26em; margin-left: auto; font: inherit; color: inherit; background: var(--back); border: 1px solid var(--line); border-radius: 4px; padding: .3em .6em }
.line > summary { display: grid; grid-template-columns: 7.5em 4em minmax(5em, max-content) 1fr; gap: .9em; padding: .3em .4em; border-top: 1px solid var(--line) }
.line time, .line .level { font: 12px/1.75 ui-monospace, monospace; white-space: nowrap }
.line .text { overflow-wrap: anywhere }
.line .stack { margin: .4em 0; font: 12px/1.5 ui-monospace, monospace; white-space: pre-wrap }
@media (max-width: 50em) { .axis, .hop > summary { grid-template-columns: 1fr 3em 6em } .track, .axis span:nth-child(3) { display: none }
  .line > summary { grid-template-columns: auto auto 1fr } .line .text { grid-column: 1 / -1 } }
`
