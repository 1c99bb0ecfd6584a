import { beforeEach, expect, it } from 'vitest'
import { collect, restore } from '../../../platform/ui/static_src/ts/drafts'

const page = '<form><input name="surname"><input type="password" name="secret"><input type="checkbox" name="bus" value="1"><select name="klass"><option>7А</option><option>7Ә</option></select><textarea name="note"></textarea></form>'
const form = () => document.querySelector('form')!

beforeEach(() => {
  document.body.innerHTML = page
})

it('keeps what was typed while the language changes, but never a password', () => {
  const [surname, secret, bus] = form().querySelectorAll('input')
  surname!.value = 'Әбдірахманов'
  secret!.value = 'құпия'
  bus!.checked = true
  form().querySelector('select')!.value = '7Ә'
  form().querySelector('textarea')!.value = 'екі жол'
  const kept = JSON.parse(JSON.stringify(collect([form()])))
  expect(JSON.stringify(kept)).not.toContain('құпия')
  document.body.innerHTML = page
  restore([form()], kept)
  expect(form().querySelector('input')!.value).toBe('Әбдірахманов')
  expect(form().querySelectorAll('input')[2]!.checked).toBe(true)
  expect(form().querySelector('select')!.value).toBe('7Ә')
  expect(form().querySelector('textarea')!.value).toBe('екі жол')
})
