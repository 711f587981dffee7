// Loaded before a program: takes every file descriptor that the process may have, and frees them for a moment now and then.
import { closeSync, openSync } from 'node:fs'

const taken = []

function take() {
  try {
    for (;;) taken.push(openSync('/dev/null'))
  } catch {
    // EMFILE.
  }
}

setTimeout(() => {
  take()
  setInterval(() => {
    for (const fd of taken.splice(0)) closeSync(fd)
    setTimeout(take, 2)
  }, 20).unref()
}, 5).unref()
