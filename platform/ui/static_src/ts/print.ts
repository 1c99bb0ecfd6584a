/** A button with data-print opens the browser's printing. */
export function startPrint(): void {
  document.addEventListener('click', (event) => {
    if (event.target instanceof Element && event.target.closest('[data-print]')) window.print()
  })
}
