/** A number with its noun: `1 checkpoint`, `2 checkpoints`; `many` where the plural is another word. */
export const counted = (n: number, noun: string, many = `${noun}s`): string => `${n} ${n === 1 ? noun : many}`
