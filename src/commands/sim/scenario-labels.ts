import { resolve, sep } from 'node:path'

/**
 * Names of scenario files by which their designs are told apart: the file's own without its ending, with as many folders before it as that
 * takes; with a number where a file is given more than once.
 */
export function scenarioLabels(paths: readonly string[]): string[] {
  const parts = paths.map((path) =>
    resolve(path)
      .replace(/\.ya?ml$/, '')
      .split(sep),
  )
  const deepest = Math.max(...parts.map(({ length }) => length))
  return parts.map((own, index) => {
    for (let depth = 1; depth <= deepest; depth++) {
      const names = parts.map((one) => one.slice(-depth).join('/'))
      const [label] = names.splice(index, 1)
      if (label !== undefined && !names.includes(label)) return label
    }
    const before = parts.slice(0, index).filter((one) => one.join('/') === own.join('/')).length
    return `${own.at(-1)} (${before + 1})`
  })
}
