import { fieldNames, fieldTitles } from '../../protocol/field-titles.ts';
import { inLanguage, t } from '../shared/language.ts';
import { typeInto } from './drafts.ts';

/** A field that recognition did not find: the clerk chooses which, and types it in. */
export function AddField({ documentId, taken }: { documentId: string; taken: string[] }) {
  const left = fieldNames.filter(name => !taken.includes(name));
  const add = (event: Event & { currentTarget: HTMLSelectElement }) => {
    const name = event.currentTarget.value;
    event.currentTarget.value = '';
    if (name === '') return;
    typeInto(documentId, name, '');
    // The row is there after the next drawing.
    requestAnimationFrame(() => document.getElementById(`field-${name}`)?.focus());
  };
  return (
    <label>
      <span class="visually-hidden">{t('clerk.field.add')}</span>
      <select class="select" onChange={add}>
        <option value="">{t('clerk.field.add')}</option>
        {left.map(name => (
          <option key={name} value={name}>
            {inLanguage(fieldTitles[name])}
          </option>
        ))}
      </select>
    </label>
  );
}
