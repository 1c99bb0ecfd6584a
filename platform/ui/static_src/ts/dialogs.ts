/** Native dialogs opened by data-dialog="id", closed by data-close, by a click beside them, by Esc. */
export function openDialog(id: string): HTMLDialogElement | null {
  const dialog = document.getElementById(id)
  if (!(dialog instanceof HTMLDialogElement)) return null
  if (!dialog.open) dialog.showModal()
  return dialog
}

export function startDialogs(): void {
  document.addEventListener('click', (event) => {
    const target = event.target
    if (!(target instanceof Element)) return
    const opener = target.closest<HTMLElement>('[data-dialog]')
    if (opener?.dataset.dialog) {
      event.preventDefault()
      openDialog(opener.dataset.dialog)
      return
    }
    if (target.closest('[data-close]')) {
      target.closest('dialog')?.close()
      return
    }
    if (target instanceof HTMLDialogElement && event.target === target) {
      const box = target.getBoundingClientRect()
      const { clientX: x, clientY: y } = event
      if (x < box.left || x > box.right || y < box.top || y > box.bottom) target.close()
    }
  })
  document.addEventListener('mektep:close-dialogs', () => {
    for (const dialog of document.querySelectorAll<HTMLDialogElement>('dialog[open]')) dialog.close()
  })
}
