import {
  defaultTicketTemplate,
  type TicketTemplate,
  type TicketTemplateView,
} from '../../protocol/ticket-template.ts';
import { Button } from '../shared/components/button.tsx';
import { Notice } from '../shared/components/notice.tsx';
import { ScrollArea } from '../shared/components/scroll-area.tsx';
import { Loaded } from '../shared/components/states.tsx';
import { TechnicianHead } from '../shared/components/technician-head.tsx';
import { t } from '../shared/language.ts';
import { newPart, partNames } from './new-part.ts';
import { PartRow } from './part-row.tsx';
import {
  busy,
  dropEdits,
  edit,
  editParts,
  failure,
  isEdited,
  isSaved,
  preview,
  save,
  saved,
  template,
} from './store.ts';

/** `/ticket-editor`: the parts of the ticket on the left, the paper on the right. */
export function Editor() {
  return (
    <div class="editor">
      <TechnicianHead page="ticket-editor" />
      <Loaded held={saved.held.value} onRetry={() => void saved.refresh()} rows={8}>
        {view => template.value && <Sheet view={view} template={template.value} />}
      </Loaded>
    </div>
  );
}

function Sheet({ view, template }: { view: TicketTemplateView; template: TicketTemplate }) {
  const { mode, parts } = template;
  return (
    <>
      <main class="editor-parts">
        <h2>{t('ticket-editor.parts')}</h2>
        <ol>
          {parts.map((part, index) => (
            <PartRow key={`${index} ${part.kind}`} part={part} index={index} count={parts.length} />
          ))}
        </ol>
        <AddPart isFull={parts.length >= 30} />
      </main>
      <aside class="editor-preview">
        <h2>{t('ticket-editor.preview')}</h2>
        <ScrollArea class="editor-paper" label={t('ticket-editor.preview')}>
          {preview.value && <img src={preview.value} alt="" />}
        </ScrollArea>
        <p class="editor-small">{t(`ticket-editor.preview-${mode}`)}</p>
        <p class="editor-small">{t('ticket-editor.printer', { title: view.printer.title })}</p>
      </aside>
      <footer class="tool-foot">
        {failure.value && <Notice error={failure.value} />}
        <div class="tool-actions">
          <Button kind="primary" disabled={!isEdited.value} busy={busy.value} onPress={() => void save()}>
            {t('ticket-editor.save')}
          </Button>
          <Button disabled={!isEdited.value} onPress={dropEdits}>
            {t('ticket-editor.undo')}
          </Button>
          <p class="tool-state" role="status">
            {isEdited.value ? t('ticket-editor.edited') : isSaved.value ? t('ticket-editor.saved') : ''}
          </p>
          <label class="editor-mode">
            {t('ticket-editor.mode')}
            <select
              class="select"
              value={mode}
              onChange={event => edit({ mode: event.currentTarget.value === 'raster' ? 'raster' : 'text' })}
            >
              <option value="text">{t('ticket-editor.text')}</option>
              <option value="raster">{t('ticket-editor.raster')}</option>
            </select>
          </label>
          <Button onPress={() => edit(defaultTicketTemplate)}>{t('ticket-editor.restore')}</Button>
        </div>
      </footer>
    </>
  );
}

function AddPart({ isFull }: { isFull: boolean }) {
  return (
    <select
      class="select editor-add"
      aria-label={t('ticket-editor.add')}
      value=""
      disabled={isFull}
      onChange={event => {
        const name = partNames.find(each => each === event.currentTarget.value);
        event.currentTarget.value = '';
        if (name) editParts(parts => [...parts, newPart(name)]);
      }}
    >
      <option value="">{t('ticket-editor.add')}</option>
      {partNames.map(name => (
        <option key={name} value={name}>
          {t(`ticket-editor.part-${name}`)}
        </option>
      ))}
    </select>
  );
}
