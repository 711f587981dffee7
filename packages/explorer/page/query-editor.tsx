import { autocompletion, completionKeymap } from '@codemirror/autocomplete'
import { history, historyKeymap, standardKeymap } from '@codemirror/commands'
import { HighlightStyle, LRLanguage, syntaxHighlighting } from '@codemirror/language'
import { EditorState, Prec } from '@codemirror/state'
import { EditorView, keymap, placeholder } from '@codemirror/view'
import { parser } from '@grafana/lezer-logql'
import { styleTags, tags } from '@lezer/highlight'
import { useEffect, useRef } from 'preact/hooks'
import { complete, type Vocabulary } from './completion.js'

const language = LRLanguage.define({
  parser: parser.configure({
    props: [
      styleTags({
        'Identifier LabelName': tags.propertyName,
        String: tags.string,
        'Number Duration Bytes': tags.number,
        'VectorOp/... RangeOp/...': tags.function(tags.name),
        'By Without And Or Unless Bool On Ignoring GroupLeft GroupRight Offset': tags.keyword,
        'Json Logfmt Unpack Pattern Regexp Unwrap LineFormat LabelFormat Decolorize Keep Drop': tags.keyword,
        'Eq Neq Re Nre PipeExact PipeMatch PipePattern Gtr Gte Lss Lte Eql': tags.operator,
        LineComment: tags.comment,
      }),
    ],
  }),
})

/** The colours are the page's, so that dark mode is the style sheet's business alone. */
const highlighting = HighlightStyle.define([
  { tag: tags.propertyName, class: 'q-name' },
  { tag: tags.string, class: 'q-string' },
  { tag: tags.number, class: 'q-number' },
  { tag: tags.function(tags.name), class: 'q-function' },
  { tag: tags.keyword, class: 'q-keyword' },
  { tag: tags.operator, class: 'q-operator' },
  { tag: tags.comment, class: 'q-comment' },
])

interface Properties {
  readonly query: string
  readonly vocabulary: Vocabulary
  onRun(query: string): void
  onChange(query: string): void
}

/** The query, with colours and completion. Enter runs it, Shift+Enter breaks the line. */
export function QueryEditor({ query, vocabulary, onRun, onChange }: Properties) {
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | undefined>(undefined)
  const current = useRef({ onRun, onChange, vocabulary })
  current.current = { onRun, onChange, vocabulary }

  useEffect(() => {
    if (place.current === null) return
    const made = new EditorView({ parent: place.current, state: stateOf(query, current) })
    view.current = made
    return () => made.destroy()
  }, [])

  useEffect(() => {
    const editor = view.current
    if (editor === undefined || editor.state.doc.toString().trim() === query) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: query } })
  }, [query])

  return <div class="editor" ref={place} />
}

function stateOf(
  query: string,
  current: { readonly current: Pick<Properties, 'onRun' | 'onChange' | 'vocabulary'> },
): EditorState {
  const nonce = document.querySelector('script')?.nonce ?? ''
  const vocabulary: Vocabulary = {
    labels: () => current.current.vocabulary.labels(),
    labelValues: (label) => current.current.vocabulary.labelValues(label),
    fields: () => current.current.vocabulary.fields(),
    fieldValues: (name) => current.current.vocabulary.fieldValues(name),
  }
  const run = (view: EditorView) => {
    current.current.onRun(view.state.doc.toString())
    return true
  }
  return EditorState.create({
    doc: query,
    extensions: [
      EditorView.cspNonce.of(nonce),
      history(),
      language,
      syntaxHighlighting(highlighting),
      autocompletion({ override: [complete(vocabulary)], icons: false }),
      keymap.of(completionKeymap),
      Prec.low(keymap.of([{ key: 'Enter', run }])),
      Prec.high(keymap.of([{ key: 'Mod-Enter', run }])),
      keymap.of([...historyKeymap, ...standardKeymap.filter(({ key }) => key !== 'Enter' && key !== 'Mod-Enter')]),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': 'LogQL query' }),
      placeholder('{app="api-service"} |= "ERROR" | json'),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) current.current.onChange(update.state.doc.toString())
      }),
    ],
  })
}
