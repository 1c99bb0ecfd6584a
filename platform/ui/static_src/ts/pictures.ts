/**
 * A photo is drawn anew before it is sent (`data-shrink` names its longer side): it weighs little on a slow phone, and
 * what the camera wrote beside it stays at home. What is no picture goes as it is, and the server refuses it.
 */
async function shrunk(file: File, side: number): Promise<File | null> {
  const picture = await createImageBitmap(file)
  const scale = Math.min(1, side / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(picture.width * scale)
  canvas.height = Math.round(picture.height * scale)
  const pen = canvas.getContext('2d')
  if (!pen) return null
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height)
  const drawn = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.85))
  return drawn && new File([drawn], 'photo.jpg', { type: 'image/jpeg' })
}

export function startPictures(): void {
  document.addEventListener('change', (event) => {
    const field = event.target
    if (!(field instanceof HTMLInputElement) || !field.dataset.shrink) return
    const file = field.files?.[0]
    if (!file) return
    shrunk(file, Number(field.dataset.shrink))
      .then((small) => {
        // Another picture may have been chosen while this one was drawn.
        if (!small || field.files?.[0] !== file) return
        const carried = new DataTransfer()
        carried.items.add(small)
        field.files = carried.files
      })
      .catch(() => undefined)
  })
}
