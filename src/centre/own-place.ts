const PAGES = /^\/(?:reviews(?:\/[\w.%-]{1,200}\/[\w.%-]{1,300})?|sites\/[\w.%-]{1,200}(?:\/orders)?)$/

/** Where somebody wanted to go: a site's door or orders, the reviews or one of them, or the board, and nothing else. */
export const ownPlace = (path: string): string => (PAGES.test(path) ? path : '/')
