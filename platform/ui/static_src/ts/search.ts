import { openDialog } from './dialogs'

/** Arrows walk through the hits of the global search; Enter opens the first. */
export function startSearch(): void {
  const dialog = document.getElementById('search')
  if (!(dialog instanceof HTMLDialogElement)) return
  const input = dialog.querySelector('input')
  const hits = () => [...dialog.querySelectorAll<HTMLElement>('.search-hit')]
  dialog.addEventListener('keydown', (event) => {
    const list = hits()
    const here = list.indexOf(document.activeElement as HTMLElement)
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      const next = here + (event.key === 'ArrowDown' ? 1 : -1)
      if (next < 0) input?.focus()
      else list[Math.min(next, list.length - 1)]?.focus()
    } else if (event.key === 'Enter' && document.activeElement === input && list[0]) {
      event.preventDefault()
      list[0].click()
    }
  })
}

export function openSearch(): void {
  const dialog = openDialog('search')
  const input = dialog?.querySelector('input')
  input?.focus()
  input?.select()
}
