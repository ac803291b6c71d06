import type { DocumentView, FieldView } from '../../protocol/api/documents.ts';
import { Icon } from '../shared/icons.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { confirmFields, focusPrimary } from './actions.ts';
import { AddField } from './add-field.tsx';
import { typeInto, withTyped } from './drafts.ts';
import { MoveDocument } from './move-document.tsx';

/** Below this a reading is marked for a second look. */
const lowConfidence = 75;

interface FieldsFormProps {
  document: DocumentView;
  field: string | null;
  onField: (name: string) => void;
}

/** What was read from the pages; Enter goes from field to field and from the last one confirms. */
export function FieldsForm({ document, field, onField }: FieldsFormProps) {
  if (document.state === 'recognising') return null;
  const editable =
    document.state === 'ready' || document.state === 'failed' || document.state === 'confirmed';
  const fields = withTyped(document);
  const onEnter = (event: KeyboardEvent & { currentTarget: HTMLFormElement }) => {
    if (event.key !== 'Enter' || event.repeat || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    const inputs = [...event.currentTarget.querySelectorAll('input')];
    const next = inputs[inputs.indexOf(event.target) + 1];
    if (next) next.focus();
    else {
      event.target.blur();
      focusPrimary();
      void confirmFields(document.documentId);
    }
  };
  return (
    <form
      class="fields"
      aria-label={t('clerk.fields')}
      onKeyDown={onEnter}
      onSubmit={event => event.preventDefault()}
    >
      {fields.length === 0 && document.state === 'ready' && (
        <p class="fields-none">{t('clerk.fields-none')}</p>
      )}
      {fields.map(one => (
        <FieldRow
          key={one.name}
          documentId={document.documentId}
          field={one}
          found={document.fields.find(({ name }) => name === one.name)}
          editable={editable}
          current={one.name === field}
          onFocus={() => onField(one.name)}
        />
      ))}
      <div class="fields-more">
        {editable && document.state !== 'failed' && (
          <AddField documentId={document.documentId} taken={fields.map(({ name }) => name)} />
        )}
        <MoveDocument document={document} />
      </div>
    </form>
  );
}

interface FieldRowProps {
  documentId: string;
  /** With what the clerk typed. */
  field: FieldView;
  /** As the box holds it; undefined for one that the clerk adds. */
  found: FieldView | undefined;
  editable: boolean;
  current: boolean;
  onFocus: () => void;
}

function FieldRow({ documentId, field, found, editable, current, onFocus }: FieldRowProps) {
  const changed = field.value !== found?.value;
  // What stood on the page is never replaced silently, by the engine's rules or by hand.
  const read = found?.read ?? (changed ? found?.value : undefined);
  const id = `field-${field.name}`;
  return (
    <div class={`field-row ${current ? 'current' : ''}`}>
      <label for={id}>{inLanguage(field.title)}</label>
      <input
        id={id}
        class="input"
        value={field.value}
        readOnly={!editable}
        maxLength={500}
        autocomplete="off"
        spellcheck={false}
        aria-describedby={`${id}-mark`}
        onFocus={onFocus}
        onInput={event => typeInto(documentId, field.name, event.currentTarget.value)}
      />
      <span id={`${id}-mark`} class="field-mark">
        <FieldMark field={field} changed={changed} />
      </span>
      {read !== undefined && read !== field.value && (
        <p class="field-read">{t('clerk.field.read', { text: read })}</p>
      )}
    </div>
  );
}

function FieldMark({ field, changed }: { field: FieldView; changed: boolean }) {
  if (field.check === 'failed' && !changed)
    return (
      <span class="mark trouble">
        <Icon name="trouble" size={18} />
        {t('clerk.field.failed')}
      </span>
    );
  if (changed || field.corrected)
    return (
      <span class="mark waiting">
        <Icon name="sign" size={18} />
        {t(field.box === null ? 'clerk.field.added' : 'clerk.field.corrected')}
      </span>
    );
  if (field.check === 'passed')
    return (
      <span class="mark serving">
        <Icon name="check" size={18} />
        {t('clerk.field.passed')}
      </span>
    );
  if (field.confidence < lowConfidence)
    return (
      <span class="mark attention" title={t('clerk.confidence', { count: Math.round(field.confidence) })}>
        <Icon name="attention" size={18} />
        {t('clerk.field.low')}
      </span>
    );
  return null;
}
