import { beforeEach, describe, expect, it } from 'vitest'
import { collect, restore } from '../../../platform/ui/static_src/ts/drafts'

const page = '<form><input name="surname"><input type="password" name="secret"><input type="checkbox" name="bus" value="1"><select name="klass"><option>7А</option><option>7Ә</option></select><textarea name="note"></textarea></form>'
const form = () => document.querySelector('form')!
const all = () => [...document.querySelectorAll('form')]
const through = <T>(kept: T) => JSON.parse(JSON.stringify(kept)) as T

beforeEach(() => {
  document.body.innerHTML = page
})

describe('what was typed', () => {
  it('is put back, but never a password', () => {
    const [surname, secret, bus] = form().querySelectorAll('input')
    surname!.value = 'Әбдірахманов'
    secret!.value = 'құпия'
    bus!.checked = true
    form().querySelector('select')!.value = '7Ә'
    form().querySelector('textarea')!.value = 'екі жол'
    const kept = through(collect([form()]))
    expect(JSON.stringify(kept)).not.toContain('құпия')
    document.body.innerHTML = page
    expect(restore([form()], kept)).toEqual([form()])
    expect(form().querySelector('input')!.value).toBe('Әбдірахманов')
    expect(form().querySelectorAll('input')[2]!.checked).toBe(true)
    expect(form().querySelector('select')!.value).toBe('7Ә')
    expect(form().querySelector('textarea')!.value).toBe('екі жол')
  })

  it('finds its form among others that came or went', () => {
    const line = (row: number) => `<form action="/cell/"><input type="hidden" name="row" value="${row}"><input name="value"></form>`
    document.body.innerHTML = line(6) + line(7)
    all()[1]!.querySelector<HTMLInputElement>('[name=value]')!.value = 'Аян'
    const kept = through(collect(all()))
    document.body.innerHTML = line(5) + line(7) + line(8)
    expect(restore(all(), kept)).toEqual([all()[1]])
    expect(all().map((one) => one.querySelector<HTMLInputElement>('[name=value]')!.value)).toEqual(['', 'Аян', ''])
  })

  it('comes with what its writer saw, so that a change by others in between is noticed', () => {
    const at = (seen: string) => `<form><input type="hidden" name="seen" value="${seen}"><input name="phone"></form>`
    document.body.innerHTML = at('10:00')
    form().querySelector<HTMLInputElement>('[name=phone]')!.value = '+7 705 111 22 33'
    const kept = through(collect([form()]))
    document.body.innerHTML = at('10:05')
    restore([form()], kept)
    expect(form().querySelector<HTMLInputElement>('[name=seen]')!.value).toBe('10:00')
  })

  it('is not told of where nothing was typed', () => {
    const kept = through(collect([form()]))
    expect(restore([form()], kept)).toEqual([])
  })
})
