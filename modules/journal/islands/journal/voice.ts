import type { Grid, Place } from './grid'
import { button } from './strip'
import type { Voice } from './types'

const LONGEST = 60 // seconds
const RATE = 24_000 // bits a second: a minute of speech in 180 KB
const KINDS = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4']

const shown = (seconds: number) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds) % 60).padStart(2, '0')}`

/**
 * A comment that is said: record, listen, save or throw away. The sound goes to the school's server and nowhere else; it needs a
 * connection, which is told before anybody speaks.
 */
export class Recorder {
  readonly root = document.createElement('div')
  private readonly words = document.createElement('p')
  private recording: MediaRecorder | null = null
  private begun = 0
  private ticking: ReturnType<typeof setInterval> | undefined
  private heard: string | null = null
  private isWarned = false

  constructor(private readonly grid: Grid, private readonly place: Place, private readonly address: string) {
    this.root.className = 'jg-voice'
    this.words.className = 'muted'
    this.words.setAttribute('role', 'status')
    const online = () => { if (!this.recording && !this.heard) this.rest() }
    window.addEventListener('online', online)
    window.addEventListener('offline', online)
    this.close = () => {
      window.removeEventListener('online', online)
      window.removeEventListener('offline', online)
      this.stopListening()
    }
    this.rest()
  }

  /** The window is closed: the microphone too. */
  readonly close: () => void

  /** Something was said and not saved: the window says so once before it closes. */
  mayClose(): boolean {
    if ((!this.recording && !this.heard) || this.isWarned) return true
    this.isWarned = true
    this.words.textContent = this.grid.text('recordingUnsaved')
    this.words.hidden = false
    return false
  }

  private player(address: string): HTMLAudioElement {
    const player = document.createElement('audio')
    player.controls = true
    player.preload = 'metadata'
    player.src = address
    player.setAttribute('aria-label', this.grid.text('recording'))
    return player
  }

  private draw(words: string, ...parts: HTMLElement[]): void {
    this.words.textContent = words
    this.words.hidden = words === ''
    this.root.replaceChildren(...parts, this.words)
  }

  /** What is kept, or a way to record. */
  private rest(words = ''): void {
    const { grid, place } = this
    const kept = grid.voice(place)
    if (kept) {
      const away = button(grid.text('deleteRecording'), () => void this.takeBack(kept, away))
      away.disabled = !navigator.onLine
      return this.draw(words || (navigator.onLine ? '' : grid.text('voiceOffline')), this.player(`${this.address}${kept.id}/`), away)
    }
    const start = button(`● ${grid.text('record')}`, () => void this.record())
    const can = typeof MediaRecorder === 'function' && navigator.mediaDevices !== undefined
    start.disabled = !can || !navigator.onLine
    const why = !can ? grid.text('noRecorder') : navigator.onLine ? grid.text('recordHint', { seconds: LONGEST }) : grid.text('voiceOffline')
    this.draw(words || why, start)
  }

  private async record(): Promise<void> {
    const { grid } = this
    let stream: MediaStream
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, noiseSuppression: true } })
    } catch {
      return this.rest(grid.text('noMicrophone'))
    }
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind))
    const recorder = new MediaRecorder(stream, { ...(mimeType ? { mimeType } : {}), audioBitsPerSecond: RATE })
    const parts: Blob[] = []
    recorder.addEventListener('dataavailable', (event) => parts.push(event.data))
    recorder.addEventListener('stop', () => {
      const seconds = Math.min(LONGEST, Math.max(1, Math.round((performance.now() - this.begun) / 1000)))
      this.stopListening()
      if (this.root.isConnected) this.hear(new Blob(parts, { type: recorder.mimeType.split(';')[0] }), seconds)
    })
    this.recording = recorder
    this.begun = performance.now()
    recorder.start()
    const stop = button('', () => recorder.stop(), 'btn btn-danger')
    const tick = () => {
      const seconds = (performance.now() - this.begun) / 1000
      stop.textContent = `■ ${grid.text('stopRecording')} ${shown(seconds)} / ${shown(LONGEST)}`
      if (seconds >= LONGEST && recorder.state === 'recording') recorder.stop()
    }
    this.ticking = setInterval(tick, 250)
    tick()
    this.draw('', stop)
    stop.focus()
  }

  private stopListening(): void {
    clearInterval(this.ticking)
    if (this.recording?.state === 'recording') this.recording.stop()
    for (const track of this.recording?.stream.getTracks() ?? []) track.stop()
    this.recording = null
    if (this.heard) URL.revokeObjectURL(this.heard)
    this.heard = null
  }

  /** Listen before it is saved. */
  private hear(clip: Blob, seconds: number): void {
    const { grid } = this
    this.heard = URL.createObjectURL(clip)
    this.isWarned = false
    const save = button(grid.text('saveRecording'), () => void this.save(clip, seconds, save), 'btn btn-primary')
    const again = button(grid.text('throwAway'), () => {
      this.stopListening()
      this.rest()
    })
    this.draw(grid.text('recorded', { time: shown(seconds) }), this.player(this.heard), save, again)
    save.focus()
  }

  /** What cannot be sent stays here to be sent again. */
  private async save(clip: Blob, seconds: number, key: HTMLButtonElement): Promise<void> {
    const { grid, place } = this
    const form = new FormData()
    const { lesson, kind } = grid.column(place)
    for (const [name, value] of Object.entries({ lesson, pupil: grid.pupil(place).id, kind, seconds: String(seconds) })) form.set(name, value)
    form.set('clip', clip, 'voice')
    const answer = await this.send(this.address, form, key)
    if (!answer) return
    grid.setVoice(place, answer as unknown as Voice)
    this.stopListening()
    this.rest(grid.text('recordingSaved'))
  }

  /** Delete what is kept; whether it is gone. */
  async takeBack(kept: Voice, key: HTMLButtonElement): Promise<boolean> {
    const { grid, place } = this
    if (!(await this.send(`${this.address}${kept.id}/delete/`, new FormData(), key))) return false
    grid.setVoice(place, null)
    this.rest(grid.text('recordingDeleted'))
    return true
  }

  private async send(address: string, body: FormData, key: HTMLButtonElement): Promise<Record<string, unknown> | null> {
    key.disabled = true
    let words = this.grid.text('noConnection')
    try {
      const headers = { Accept: 'application/json', 'X-CSRFToken': document.body.dataset.csrf ?? '' }
      const answer = await fetch(address, { method: 'POST', headers, body, redirect: 'error' })
      const said = (await answer.json().catch(() => ({}))) as Record<string, unknown>
      if (answer.ok) return said
      words = typeof said.message === 'string' ? said.message : this.grid.text('signedOutVoice')
    } catch {
      // no connection: said below
    }
    key.disabled = false
    this.words.textContent = words
    this.words.hidden = false
    return null
  }
}
