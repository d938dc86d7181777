import { selectField } from '../frame.ts'
import { flag, html, nothing, type Html } from '../html.ts'
import type { Problem, Typed } from './event-form.ts'
import type { Opened } from './owner.ts'
import { rhythms, weekdayNames, weekdays, type Repeat, type Rhythm } from './repeat.ts'

const rhythmNames: Record<Rhythm, string> = {
  daily: 'Daily',
  weekly: 'Weekly',
  monthly: 'Monthly, on the same day',
  monthlyWeekday: 'Monthly, on the same weekday',
  yearly: 'Yearly',
}
const unitNames: Record<Rhythm, string> = {
  daily: 'days',
  weekly: 'weeks',
  monthly: 'months',
  monthlyWeekday: 'months',
  yearly: 'years',
}
/** How an event repeats; `known` is the rule it has now. */
export function repeatFields(typed: Typed, problems: Problem[], known: Repeat): Html {
  const choices = [
    { value: 'none', label: 'Does not repeat' },
    ...rhythms.map((rhythm) => ({ value: rhythm, label: rhythmNames[rhythm] })),
    ...(known.kind === 'custom' ? [{ value: 'custom', label: 'As it is: a rule of its own' }] : []),
  ]
  const units = rhythms.map((rhythm) => html`<span class="unit ${rhythm}">${unitNames[rhythm]}</span>`)
  return html`<fieldset class="repeat">
    <legend>Repeat</legend>
    <label class="hidden" for="repeat">Rhythm</label>
    ${selectField('repeat', choices, typed.repeat)}
    ${known.kind === 'custom' ? html`<code class="custom">${known.text}</code>` : nothing}
    <div class="rule">
      <p>
        <label for="interval">Every</label>
        <input
          type="number"
          id="interval"
          name="interval"
          min="1"
          max="999"
          value="${typed.interval}"
          ${wrong(problems, 'interval')}
        />
        ${units}
      </p>
      <div class="weekdays" role="group" aria-label="On these days">
        ${weekdays.map(
          (day) =>
            html`<input
                type="checkbox"
                id="day-${day}"
                name="days"
                value="${day}"
                ${flag(typed.days.includes(day), 'checked')}
                ${wrong(problems, 'days')}
              /><label for="day-${day}"
                ><span aria-hidden="true">${weekdayNames[day].slice(0, 2)}</span
                ><span class="hidden">${weekdayNames[day]}</span></label
              >`,
        )}
      </div>
      <p class="ends">
        <label for="ends">Ends</label>
        ${selectField(
          'ends',
          [
            { value: 'never', label: 'never' },
            { value: 'on', label: 'on a day' },
            { value: 'after', label: 'after a number of times' },
          ],
          typed.ends,
        )}
        <input
          type="date"
          class="until"
          id="until"
          name="until"
          value="${typed.until}"
          aria-label="Until"
          ${wrong(problems, 'until')}
        />
        <input
          type="number"
          class="count"
          id="count"
          name="count"
          min="1"
          max="999"
          value="${typed.count}"
          aria-label="Times"
          ${wrong(problems, 'count')}
        />
      </p>
    </div>
  </fieldset>`
}

/** The attributes of a field that something is wrong with. */
export function wrong(problems: Problem[], ...fields: (keyof Typed)[]): Html {
  const found = problems.find(({ field }) => fields.includes(field))
  return found === undefined ? nothing : html` aria-invalid="true" aria-describedby="problem-${found.field}"`
}

/** Which part of a series Save and Delete are for. */
export function scopeFields({ seriesId }: Pick<Opened, 'seriesId'>, chosen: string): Html {
  if (seriesId === null) return nothing
  const choices = [
    { value: 'this', label: 'This event' },
    { value: 'following', label: 'This and following events' },
    { value: 'all', label: 'All events' },
  ]
  return html`<fieldset class="scope">
    <legend>Change or delete</legend>
    ${choices.map(
      ({ value, label }) =>
        html`<span class="check"
          ><input
            type="radio"
            id="scope-${value}"
            name="scope"
            value="${value}"
            ${flag(value === chosen, 'checked')}
          /><label for="scope-${value}">${label}</label></span
        >`,
    )}
  </fieldset>`
}
