import type { DocumentView } from '../../protocol/api/documents.ts';
import { inLanguage, t } from '../shared/language.ts';
import { busy, moveTo } from './actions.ts';
import { currentCase } from './store.ts';

/** A paper that was scanned under the wrong line of the checklist goes to another one. */
export function MoveDocument({ document }: { document: DocumentView }) {
  const view = currentCase.value;
  const others = view?.checklist.filter(({ kind }) => kind !== document.kind) ?? [];
  if (view?.state !== 'open' || document.state === 'signed' || others.length === 0) return null;
  const move = (event: Event & { currentTarget: HTMLSelectElement }) => {
    const kind = event.currentTarget.value;
    event.currentTarget.value = '';
    if (kind !== '') void moveTo(document, kind);
  };
  return (
    <label>
      <span class="visually-hidden">{t('clerk.move')}</span>
      <select class="select" disabled={busy.value !== null} onChange={move}>
        <option value="">{t('clerk.move')}</option>
        {others.map(({ kind, title }) => (
          <option key={kind} value={kind}>
            {inLanguage(title)}
          </option>
        ))}
      </select>
    </label>
  );
}
