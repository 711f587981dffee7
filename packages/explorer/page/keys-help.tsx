import { useEffect, useRef } from 'preact/hooks'

const KEYS: readonly (readonly [keys: string, what: string])[] = [
  ['/', 'go to the query'],
  ['Enter', 'in the query: run it'],
  ['Shift Enter', 'in the query: a new line'],
  ['Ctrl Space', 'in the query: what can stand here'],
  ['g', 'go to the lines'],
  ['↑ ↓ j k', 'in the lines: up and down'],
  ['Enter', 'in the lines: open and close a line'],
  ['Esc', 'close'],
  ['l', 'live tail on and off'],
  ['p', 'pause the live tail'],
]

export function KeysHelp({ onClose }: { onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog class="keys" ref={dialog} onClose={onClose} aria-label="Keys">
      <header>
        <h2>Keys</h2>
        <button type="button" aria-label="Close" onClick={() => dialog.current?.close()}>
          ✕
        </button>
      </header>
      <table>
        <tbody>
          {KEYS.map(([keys, what]) => (
            <tr key={what}>
              <td>
                <kbd>{keys}</kbd>
              </td>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </dialog>
  )
}
