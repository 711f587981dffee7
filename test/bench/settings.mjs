/** How much is measured. A set of rounds has processes of its own, since what V8 makes of a program differs between two. */
export const FULL = { sets: 2, rounds: 11, warmUpMs: 300, roundMs: 20 }

/** On lines of Node that most bars are not held on. */
export const FEWER = { ...FULL, sets: 1 }

/** All bars in less than a minute. */
export const QUICK = { sets: 1, rounds: 7, warmUpMs: 200, roundMs: 8 }

/** Two commits beside each other. More sets, since V8 compiles the same code differently in two processes. */
export const AGAINST = { ...FULL, sets: 4, rounds: 7 }
