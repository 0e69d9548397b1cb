import { stripTypeScriptTypes } from 'node:module'

/** A TypeScript file as a script that runs as it stands: types become white space, so that lines and columns stay those of the file. */
export function withoutTypes(text: string): string {
  // Node calls this an experiment, and says so on stderr; its own loader does the same to every file that it runs.
  const warn = process.emitWarning
  process.emitWarning = () => {}
  try {
    return stripTypeScriptTypes(text)
  } finally {
    process.emitWarning = warn
  }
}

/** The same for a browser, as few bytes as keep its lines: without block comments before declarations, and without white space at the ends of lines. */
export const browserScript = (text: string): string =>
  withoutTypes(text)
    .replace(/^[ \t]*\/\*\*[\s\S]*?\*\//gm, (comment) => comment.replace(/[^\n]/g, ''))
    .replace(/^[ \t]*\/\/ .*$/gm, '')
    .replace(/[ \t]+$/gm, '')
