/** The tab and the menu line of this page are in sight, however long their row is; the page itself does not move. */
export function startHere(): void {
  for (const row of document.querySelectorAll<HTMLElement>('.tabs, .shell-side')) {
    const line = row.querySelector('[aria-current]')
    if (!line) continue
    const [outer, inner] = [row.getBoundingClientRect(), line.getBoundingClientRect()]
    if (inner.right > outer.right) row.scrollLeft += inner.right - outer.right + 16
    if (inner.bottom > outer.bottom) row.scrollTop += inner.bottom - outer.bottom + 48
  }
}
