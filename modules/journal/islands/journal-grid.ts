import './journal/journal.css'
import { Entry } from './journal/entry'
import { Foot } from './journal/foot'
import { Grid, type Place } from './journal/grid'
import { columnsOf, pupilsOf } from './journal/heads'
import { LessonView } from './journal/lesson'
import { Menu } from './journal/menu'
import { DeviceStore, LeavingStore, Queue } from './journal/queue'
import { DeviceSteps } from './journal/steps'
import { Strip } from './journal/strip'
import { localDay } from './journal/time'
import type { Given, Operation, Props } from './journal/types'
import { Views } from './journal/views'
import { openComment, openHistory, openKeys, openNeeded } from './journal/windows'

const PHONE = '(max-width: 575.98px)'

/** The last lesson that is not in the future, one that takes marks if there is any; or the first. */
function columnOf(props: Props): number {
  const past = props.columns.map((_, index) => index).filter((index) => {
    const { date, kind } = props.columns[index]!
    return date <= props.today && kind !== 'period'
  })
  return past.filter((index) => !props.columns[index]!.locked).at(-1) ?? past.at(-1) ?? 0
}

/** Take the token of this person's present sign-in from a page of ours; false when nobody or somebody else is signed in. */
async function renewToken(): Promise<boolean> {
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' }, redirect: 'manual' })
  if (!answer.ok) return false
  const { csrf, person } = new DOMParser().parseFromString(await answer.text(), 'text/html').body.dataset
  if (!csrf || person !== document.body.dataset.person || csrf === document.body.dataset.csrf) return false
  document.body.dataset.csrf = csrf
  return true
}

/** Bring a server-rendered journal to life. See README.md here for the contract. */
export function mount(element: HTMLElement, given: unknown): void {
  const table = element as HTMLTableElement
  const props: Props = { ...(given as Given), columns: columnsOf(table), pupils: pupilsOf(table) }
  const now = localDay(new Date())
  // A copy kept on the device was drawn on another day.
  if (document.documentElement.dataset.kept && now > props.today) props.today = now
  const wrap = table.parentElement!
  const root = table.closest<HTMLElement>('[data-journal]') ?? wrap
  const grid = new Grid(table, props)

  let leaving = false // keepalive lets the last batch out when the page closes; otherwise it would hide a lost connection
  const post = (operations: Operation[]) =>
    fetch(props.saveUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRFToken': document.body.dataset.csrf ?? '' },
      credentials: 'same-origin',
      redirect: 'error',
      keepalive: leaving,
      body: JSON.stringify({ course: props.course, operations }),
    })
  /** A copy kept on the device may have the token of an earlier sign-in: the page itself is asked for the present one. */
  const send = async (operations: Operation[]) => {
    const answer = await post(operations)
    const isOurs = answer.headers.get('Content-Type')?.includes('json')
    return answer.status === 403 && !isOurs && (await renewToken()) ? post(operations) : answer
  }

  const today = columnOf(props)
  const drafts = new Map<string, string>()
  const menu = new Menu(grid)
  const comment = (place: Place, back?: () => void) => {
    if (grid.column(place).kind === 'period') return desk.say(grid.text('noCommentHere'))
    openComment(grid, drafts, place, back)
  }
  const desk = {
    openKeys: () => openKeys(grid),
    openHistory: (place: Place) => void openHistory(grid, place),
    openNeeded: (place: Place) => void openNeeded(grid, place),
    openComment: (place: Place) => comment(place),
    openMenu: (place: Place, at: { x: number; y: number }) => menu.open(place, [
      { text: grid.text('comment'), keys: grid.text('space'), act: () => comment(place) },
      { text: grid.text('history'), keys: 'Alt+C', act: () => desk.openHistory(place) },
      { text: grid.text('needed'), keys: 'Alt+N', act: () => desk.openNeeded(place) },
      { text: grid.text('fillDown'), keys: 'Ctrl+D', act: () => entry.fillDown() },
      { text: grid.text('clear'), keys: 'Delete', act: () => entry.clear() },
    ], at),
    say: (text: string) => strip.say(text),
    stands: (place: Place) => foot.stand(place.col),
  }
  const entry = new Entry(grid, desk, today)
  const lesson = new LessonView(grid, today, (col) => foot.stand(col), (place) => comment(place, () => undefined), desk.say)
  const foot = new Foot(grid, today)
  const phone = matchMedia(PHONE)
  let byLesson = phone.matches
  const turn = () => {
    root.classList.toggle('jg-by-lesson', byLesson)
    lesson.show(byLesson)
    strip.shows(byLesson)
  }

  let bar = root.querySelector<HTMLElement>('[data-journal-bar]')
  if (!bar) {
    bar = document.createElement('div')
    wrap.before(bar)
  }
  bar.classList.add('jg-bar')
  const views = new Views(grid, () => entry.active.col, () => entry.move(entry.active, false, false))
  const strip = new Strip(grid, bar, {
    views: views.root,
    undo: () => entry.turnBack(false, !byLesson),
    redo: () => entry.turnBack(true, !byLesson),
    keys: () => openKeys(grid),
    lesson: () => {
      byLesson = !byLesson
      turn()
    },
  })
  wrap.after(foot.root, lesson.root)
  foot.draw()
  turn()
  phone.addEventListener('change', () => {
    byLesson = phone.matches
    turn()
  })
  const head = table.tHead?.rows[table.tHead.rows.length - 1]?.cells[today + 1]
  if (head && head.offsetLeft + head.offsetWidth > wrap.clientWidth * 0.8) {
    wrap.scrollLeft = head.offsetLeft - wrap.clientWidth / 2
  }

  const scope = `${props.owner}:${props.course}`
  // A step is undone on the page that shows it, so each period of a journal has its own.
  const steps = new DeviceSteps()
  const past = `${scope}:${props.columns.find((column) => column.kind === 'period')?.lesson ?? ''}`
  grid.keep = (kept) => steps.keep(past, kept)
  const begin = (queue: Queue) => {
    grid.queue = queue
    grid.onChange(() => strip.refresh())
    window.addEventListener('online', () => {
      strip.refresh()
      queue.retry()
    })
    window.addEventListener('offline', () => strip.refresh())
    window.addEventListener('pagehide', () => {
      leaving = true
      lesson.finish()
      void queue.flush()
      store.leave()
    })
    window.addEventListener('pageshow', (event) => {
      leaving = false
      if (event.persisted) store.stay()
    })
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState !== 'hidden') return
      entry.finish()
      lesson.finish()
    })
  }
  // Typing must not wait for the device's storage: the queue starts in this moment and takes up the old rows when they are read.
  const store = new LeavingStore(DeviceStore.open(), scope)
  const queue: Queue = new Queue(
    scope,
    store,
    send,
    (kept, result) => grid.answered(kept, result),
    () => strip.refresh(),
  )
  begin(queue)
  strip.refresh()
  void Promise.all([queue.load(), steps.load(past)]).then(([left, kept]) => {
    grid.restore(left)
    if (kept) grid.recall(kept)
    strip.refresh()
    if (left.some((one) => one.state === 'queued')) queue.retry()
  })
}
