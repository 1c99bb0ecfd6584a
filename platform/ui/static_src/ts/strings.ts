/** Texts come translated from the server: one json_script on the page, named ui-strings. */
let cached: Record<string, string> | undefined

export function text(key: string): string {
  cached ??= readProps('ui-strings') as Record<string, string>
  return cached[key] ?? ''
}

/** The content of a json_script element; an empty object when it is not there. */
export function readProps(id: string): unknown {
  const source = document.getElementById(id)?.textContent
  return source ? (JSON.parse(source) as unknown) : {}
}
