const SAYS: { readonly [code: string]: string } = {
  ENOENT: 'there is no such file or folder; check the path.',
  EISDIR: 'this is a folder; name a file.',
  ENOTDIR: 'this is no folder; name one.',
  EACCES: 'it may not be read; change its permissions.',
}

/** What kept a file or folder from being read, as one sentence for people. */
export function fileTrouble(error: unknown): string {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown }
  return SAYS[String(code)] ?? String(message ?? error)
}
