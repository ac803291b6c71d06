import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { SearchView } from '../../../protocol/api/cases.ts';
import type { ApiError } from '../../../protocol/api/common.ts';
import { get } from '../api.ts';
import { Icon } from '../icons.tsx';
import { inLanguage, t } from '../language.ts';
import { Notice } from './notice.tsx';

const typingMs = 250;
const shortest = 2;

type Found = { hits: SearchView['hits']; error: null } | { hits: null; error: ApiError } | null;

interface SearchBoxProps {
  onChoose: (hit: SearchView['hits'][number], query: string) => void;
}

/** Full-text search over the documents of the branch, or of the region. `/` or Ctrl+K goes into it, Escape leaves. */
export function SearchBox({ onChoose }: SearchBoxProps) {
  const text = useSignal('');
  const found = useSignal<Found>(null);
  const open = useSignal(false);
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const wish = text.value.trim();
    found.value = null;
    if (wish.length < shortest) return;
    const timer = setTimeout(async () => {
      const answer = await get<SearchView>(`/api/search?q=${encodeURIComponent(wish)}`);
      if (text.value.trim() !== wish) return;
      found.value = answer.ok
        ? { hits: answer.value.hits, error: null }
        : { hits: null, error: answer.error };
    }, typingMs);
    return () => clearTimeout(timer);
  }, [text.value]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const inField = event.target instanceof HTMLInputElement;
      const wanted =
        (event.code === 'KeyK' && event.ctrlKey) || (event.code === 'Slash' && !inField && !event.ctrlKey);
      if (!wanted || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      field.current?.focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);

  const close = () => {
    open.value = false;
  };
  return (
    <search
      class="search"
      onFocusIn={() => {
        open.value = true;
      }}
      onFocusOut={event => {
        if (!(event.relatedTarget instanceof Node) || !event.currentTarget.contains(event.relatedTarget))
          close();
      }}
      onKeyDown={event => {
        if (event.key !== 'Escape') return;
        text.value = '';
        field.current?.blur();
      }}
    >
      <Icon name="search" size={20} />
      <input
        ref={field}
        class="input"
        type="search"
        autocomplete="off"
        placeholder={t('search')}
        aria-label={t('search')}
        value={text.value}
        onInput={event => {
          text.value = event.currentTarget.value;
        }}
      />
      {open.value && found.value && (
        <div class="search-results" role="status">
          {found.value.error && <Notice error={found.value.error} />}
          {found.value.hits?.length === 0 && <p class="search-none">{t('search.empty')}</p>}
          <ul>
            {found.value.hits?.map(hit => (
              <li key={hit.documentId}>
                <button
                  type="button"
                  onClick={() => {
                    onChoose(hit, text.value.trim());
                    close();
                  }}
                >
                  <strong>{inLanguage(hit.title)}</strong>
                  <span>{t('search.case', { number: hit.caseNumber })}</span>
                  <small>{withMarks(hit.snippet)}</small>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </search>
  );
}

/** Square brackets of a snippet are marks of the hits; the text itself has none. */
function withMarks(snippet: string) {
  return snippet.split(/[[\]]/).map((part, at) => (at % 2 === 1 ? <mark key={at}>{part}</mark> : part));
}
