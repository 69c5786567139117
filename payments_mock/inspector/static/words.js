// The words of the page in both languages; a verdict is worded by its kind.
const KEPT = "payments-mock-language";

const WORDS = {
  ko: {
    skip: "본문으로 바로가기", views: "화면", sandbox: "샌드박스", flow: "흐름", order: "주문", requests: "요청", webhooks: "웹훅", break: "망가뜨리기", connect: "연결",
    live: "실시간", paused: "멈춤", lost: "서버에 연결할 수 없습니다", from_here: "여기부터", from_here_hint: "지금까지의 내역을 지우지 않고 숨깁니다", help: "단축키",
    other_language: "English", close: "닫기", copy: "복사", copied: "복사했습니다", cannot_copy: "이 브라우저에서는 복사할 수 없습니다",
    key_search: "찾기", key_move: "아래로, 위로", key_open: "열기", key_lose: "고른 주문의 다음 승인 응답 유실시키기", key_clock: "10분 뒤로 시간 이동", key_mark: "여기부터 보기", key_help: "단축키 보기",
    token: "제어 토큰", token_hint: "이 서버는 제어 토큰이 있어야 열립니다. 서버를 시작할 때 정한 토큰을 입력하세요. 탭을 닫을 때까지만 기억합니다.", token_label: "토큰", token_use: "열기", token_wrong: "토큰이 맞지 않습니다.",
    search: "찾기", search_hint: "주문번호, 키, status:4xx, fault:*", nothing_found: "조건에 맞는 내역이 없습니다.",
    listening: "호출을 기다리고 있습니다", teach_call: "이 샌드박스의 키로 결제를 만들고 승인해 보세요. 호출이 오면 바로 여기에 나타납니다.", send_for_me: "대신 보내 주기", sent_for_me: "결제를 만들고 승인했습니다",
    lose_next: "다음 응답 유실", lose_this: "이 호출의 다음 응답 유실",
    confirms: "승인", charges: "청구", hooks: "웹훅",
    show_proof: "근거 보기", proof: "근거", back: "돌아가기",
    lane_shopper: "구매자", browser: "브라우저", lane_merchant: "가맹점", lane_provider: "결제사", lane_webhook: "웹훅", lane_fault: "장애",
    request: "요청", answer: "응답", no_answer_sent: "응답을 보내지 않음", half_sent: "응답의 절반만 보냄", garbage_sent: "깨진 응답을 보냄", sent_body: "보낸 내용", attempts: "시도",
    read_doc: "API 문서 보기", differs_from_first: "첫 호출과 다른 점", differs_in_nothing: "다른 점이 없습니다.",
    tick: "검증에 넣기", watching: "지켜보는 검증", stop_watching: "그만 보기", found_instead: "실제 {found}번", show_older: "이전 요청 더 보기", open_window: "결제창 열기", open_receipt: "영수증 열기",
    switch_off: "끄기", switch_on: "켜기",
    elsewhere: "다른 샌드박스 {count}", edit: "수정", save: "저장", changed: "수정했습니다", of_payment: "결제 키", any_payment: "모든 결제", of_amount: "금액", any_amount: "모든 금액", when: "시점", as_card_says: "카드에 적힌 대로", before: "처리 전", after: "처리 후", what_happens: "일어날 일", as_it_is: "그대로", counted: "지금까지 조건 일치 {met}, 발동 {fired}. 횟수는 그대로 이어서 셉니다.",
    replay: "다시 호출", replayed: "다시 호출했습니다. 응답 {status}", is_replay: "{id}번 호출을 다시 보낸 것입니다", caused_webhook: "이 호출로 보낸 웹훅: {event} → {answer}",
    cause_of: "이 웹훅을 일으킨 호출: {id}번", cause_of_act: "이 웹훅을 일으킨 구매자의 행동: {id}번", cause_call: "가맹점 호출로 보냈지만, 그 호출의 기록은 없습니다.", cause_shopper: "구매자가 결제창에서 한 일로 보냈습니다.", cause_clock: "시간이 지나서 보냈습니다.", cause_control: "제어 API로 한 일 때문에 보냈습니다.", cause_forgery: "위조한 웹훅이라 원인이 되는 호출이 없습니다.",
    export: "버그 신고용으로 내보내기", export_hint: "이 샌드박스의 호출과 주문마다의 흐름, 다시 실행할 수 있는 시나리오가 들어갑니다. 키와 카드번호는 가려져 있습니다.", save_report: "보고서 저장", save_har: "HAR 저장", saved: "저장했습니다",
    unknown_key: "키 모름", no_key: "키 없음", adopt: "이 키로 샌드박스 만들기", adopted: "샌드박스를 만들었습니다. 같은 키로 다시 호출해 보세요.",
    field_differs: "{field}: 보낸 값 {sent}, 저장된 값 {expected}",
    copy_story: "흐름 복사", copy_curl: "curl 복사", copy_pytest: "pytest 복사", copy_gherkin: "Gherkin 복사",
    expire: "만료", settle: "정산 완료로", close_window: "창 닫기", deposit: "입금", reverse: "입금 취소", done: "처리했습니다",
    resend: "재전송", resend_twice: "두 번 재전송", resent: "재전송했습니다", forge: "웹훅 위조", forge_copy: "복사해서 위조", forge_body: "본문", forge_send: "보내기", forged: "위조한 웹훅을 보냈습니다", is_forged: "위조",
    aim: "어떤 호출을 망가뜨릴까요?", next_call: "다음 호출", any_call: "모든 호출", of_order: "주문번호", any_order: "모든 주문", how_often: "횟수", once: "1번", twice: "2번", always: "계속",
    arm: "걸기", armed: "걸었습니다: {name}", armed_faults: "걸린 장애", none_armed: "걸린 장애가 없습니다. 위에서 하나를 골라 걸어 보세요.", met: "조건 일치 {met}", struck: "발동 {fired}", remove: "해제", as_code: "테스트 코드로는", chip_armed: "대기 {count}", chip_struck: "발동 {count}", chip_held: "붙잡힘 {count}", is_held: "붙잡힘",
    recipe_lose: "응답 유실", recipe_lose_what: "처리 후에 연결을 끊습니다. 승인은 됐지만 가맹점은 응답을 받지 못합니다.", recipe_lose_good: "잘 만든 가맹점은 결제를 조회하거나 같은 멱등키로 다시 승인합니다.",
    recipe_slow: "5초 늦게", recipe_slow_what: "처리 후 5초 뒤에 응답합니다.", recipe_slow_good: "잘 만든 가맹점은 구매자에게 진행 중임을 보여 주고, 두 번 누르지 못하게 합니다.",
    with_code: "에러 코드", recipe_refuse: "승인 거절", recipe_refuse_what: "처리하기 전에 카드사 거절 같은 에러로 응답합니다.", recipe_refuse_good: "잘 만든 가맹점은 거절 사유를 보여 주고 다른 결제수단을 권합니다.",
    recipe_cut: "연결 끊기", recipe_cut_what: "처리 전에 연결을 끊습니다. 아무것도 처리되지 않습니다.", recipe_cut_good: "잘 만든 가맹점은 결제가 됐는지 확인한 다음에만 다시 승인합니다.",
    recipe_garbage: "깨진 응답", recipe_garbage_what: "처리 후에 읽을 수 없는 JSON을 보냅니다.", recipe_garbage_good: "잘 만든 가맹점은 실패로 단정하지 않고 결제를 조회합니다.",
    recipe_hold: "붙잡기", recipe_hold_what: "처리 후에 응답을 붙잡아 둡니다. 아래에서 보내거나 거절하거나 끊을 수 있습니다.", recipe_hold_good: "잘 만든 가맹점은 기다리는 동안 다른 주문을 막지 않습니다.",
    held_calls: "붙잡힌 호출", let_go: "보내기", refuse: "거절", cut: "끊기",
    clock: "시계", ten_minutes: "+10분", one_day: "+1일", freeze: "멈추기", unfreeze: "다시 흐르게", release: "실제 시간으로", to_due: "다음 예정 시각으로", frozen: "멈춤", moved: "시간 변경됨", clock_moved: "시계를 옮겼습니다", due_next: "다음 예정:", due: "{at} {order} 만료", due_account: "{at} {order} 가상계좌 마감", due_retry: "{at} {order} 웹훅 {attempt}번째 전송", due_fault_begins: "{at} 장애 {fault} 시작", due_fault_ends: "{at} 장애 {fault} 끝", move_there: "이 시각으로 이동", due_nothing: "예정된 일이 없습니다.",
    webhook_rules: "웹훅이 오는 방식", rule_before: "응답보다 먼저", rule_twice: "두 번", rule_late: "10분 늦게", rule_contradictory: "내용이 어긋나게", rule_dropped: "안 보내기", rule_made: "다음 웹훅부터 적용합니다", applied: "적용 {applied}",
    nothing_arrived: "아직 들어온 호출이 없습니다.", arrived: "마지막 호출: {time} {what}", base: "서버 주소", base_hint: "API 호출과 결제창 스크립트의 주소를 이 주소로 바꾸세요.", secret: "시크릿 키", client: "클라이언트 키", keys_hidden: "시크릿 키는 만들 때 한 번만 보여 줍니다. 아래 줄의 SECRET_KEY 자리에 넣으세요.", curl: "curl로 결제하기", curl_hint: "결제를 만들고 승인합니다.", pytest: "pytest", pytest_hint: "테스트마다 전용 샌드박스가 생깁니다.", sdk: "결제창 SDK", sdk_hint: "페이지에 이 스크립트를 넣으면 실제 SDK처럼 동작합니다.",
    no_requests: "이 샌드박스에 들어온 요청이 없습니다.", no_webhooks: "이 API에는 웹훅이 없습니다. toss API의 샌드박스를 고르세요.", listen_at: "받을 주소", listen: "등록", test_event: "테스트 웹훅", test_sent: "테스트 웹훅을 보냈습니다", no_signature: "실제 토스페이먼츠와 같이 결제 웹훅에는 서명이 없습니다.", deliveries: "보낸 웹훅", no_deliveries: "아직 보낸 웹훅이 없습니다.", listening_now: "등록했습니다", next_attempt: "다음 시도 {at}",
  },
  en: {
    skip: "Skip to the content", views: "Views", sandbox: "Sandbox", flow: "Flow", order: "Order", requests: "Requests", webhooks: "Webhooks", break: "Break", connect: "Connect",
    live: "live", paused: "paused", lost: "The server can't be reached", from_here: "From here", from_here_hint: "Hide what came before, without deleting it", help: "Keys",
    other_language: "한국어", close: "Close", copy: "Copy", copied: "Copied", cannot_copy: "This browser does not let the page copy",
    key_search: "search", key_move: "down, up", key_open: "open", key_lose: "lose the answer to the chosen order's next confirm", key_clock: "move the clock by 10 minutes", key_mark: "look from here on", key_help: "show these keys",
    token: "Control token", token_hint: "This server asks for its control token, the one it was started with. The page remembers it until the tab is closed.", token_label: "Token", token_use: "Open", token_wrong: "This is not the token.",
    search: "Search", search_hint: "order, key, status:4xx, fault:*", nothing_found: "Nothing matches.",
    listening: "Listening for calls", teach_call: "Create a payment and approve it with a key of this sandbox. Calls show up here at once.", send_for_me: "Send them for me", sent_for_me: "A payment was created and approved",
    lose_next: "Lose next answer", lose_this: "Lose the next answer to this call",
    confirms: "confirms", charges: "charged", hooks: "webhook",
    show_proof: "Show the proof", proof: "proof", back: "Back",
    lane_shopper: "shopper", browser: "browser", lane_merchant: "merchant", lane_provider: "provider", lane_webhook: "webhook", lane_fault: "fault",
    request: "Request", answer: "Answer", no_answer_sent: "no answer was sent", half_sent: "half of the answer was sent", garbage_sent: "garbage was sent", sent_body: "Sent", attempts: "Attempts",
    read_doc: "Read the reference", differs_from_first: "Compared with the first call", differs_in_nothing: "Nothing differs.",
    tick: "Watch", watching: "Watched", stop_watching: "Stop watching", found_instead: "found {found}", show_older: "Show older requests", open_window: "Open the window", open_receipt: "Open the receipt",
    switch_off: "Switch off", switch_on: "Switch on",
    elsewhere: "{count} elsewhere", edit: "Edit", save: "Save", changed: "Changed", of_payment: "of payment", any_payment: "any payment", of_amount: "of amount", any_amount: "any amount", when: "When", as_card_says: "as the card says", before: "before it happens", after: "after it happened", what_happens: "What happens", as_it_is: "as it is", counted: "So far met {met}, struck {fired}. The count goes on from there.",
    replay: "Replay", replayed: "Made again: {status}", is_replay: "repeats call {id}", caused_webhook: "caused the webhook {event} → {answer}",
    cause_of: "caused by call {id}", cause_of_act: "caused by what the shopper did, {id}", cause_call: "Caused by a call of the shop, which the journal has no more.", cause_shopper: "Caused by the shopper in the window.", cause_clock: "Caused by time that ran out.", cause_control: "Caused through the control API.", cause_forgery: "Forged: no call caused it.",
    export: "Export for a bug report", export_hint: "Holds the calls of this sandbox, the story of each order, and scenarios that run. Keys and card numbers are masked.", save_report: "Save the report", save_har: "Save as HAR", saved: "Saved",
    unknown_key: "unknown key", no_key: "no key", adopt: "Make a sandbox with this key", adopted: "The sandbox is there: call again with the same key.",
    field_differs: "{field}: sent {sent}, stored {expected}",
    copy_story: "Copy the story", copy_curl: "Copy as curl", copy_pytest: "Copy as pytest", copy_gherkin: "Copy as Gherkin",
    expire: "Expire", settle: "Settle", close_window: "Close the window", deposit: "Deposit", reverse: "Take the deposit back", done: "Done",
    resend: "Resend", resend_twice: "Resend twice", resent: "Sent again", forge: "Forge a webhook", forge_copy: "Forge from a copy", forge_body: "Body", forge_send: "Send", forged: "The forged webhook was sent", is_forged: "forged",
    aim: "Which calls should break?", next_call: "The next", any_call: "call of any kind", of_order: "of order", any_order: "any order", how_often: "How often", once: "once", twice: "twice", always: "always",
    arm: "Arm", armed: "Armed: {name}", armed_faults: "Armed", none_armed: "No fault is armed. Pick one above.", met: "met {met}", struck: "struck {fired}", remove: "Remove", as_code: "As code", chip_armed: "{count} armed", chip_struck: "{count} struck", chip_held: "{count} held", is_held: "held",
    recipe_lose: "Lose the answer", recipe_lose_what: "Cuts the connection after it happened. The payment is approved, and the shop is not told.", recipe_lose_good: "A good shop looks the payment up, or confirms again with the same idempotency key.",
    recipe_slow: "5 seconds late", recipe_slow_what: "Answers 5 seconds after it happened.", recipe_slow_good: "A good shop shows that it is at work, and lets nobody press twice.",
    with_code: "with the code", recipe_refuse: "Refuse", recipe_refuse_what: "Answers an error before anything happens, such as a card company's refusal.", recipe_refuse_good: "A good shop says why, and offers another way to pay.",
    recipe_cut: "Cut the connection", recipe_cut_what: "Cuts the connection before it happens. Nothing was done.", recipe_cut_good: "A good shop confirms again only after it has looked.",
    recipe_garbage: "Garbage", recipe_garbage_what: "Sends JSON that nobody can read, after it happened.", recipe_garbage_good: "A good shop does not take it for a refusal, and looks the payment up.",
    recipe_hold: "Hold", recipe_hold_what: "Holds the answer back after it happened. Let it go, refuse it or cut it below.", recipe_hold_good: "A good shop keeps no other order waiting meanwhile.",
    held_calls: "Held calls", let_go: "Let go", refuse: "Refuse", cut: "Cut",
    clock: "Clock", ten_minutes: "+10 min", one_day: "+1 day", freeze: "Freeze", unfreeze: "Let it run", release: "Back to real time", to_due: "To what is due next", frozen: "frozen", moved: "moved", clock_moved: "The clock was moved", due_next: "Due next:", due: "{at} {order} expires", due_account: "{at} virtual account of {order} closes", due_retry: "{at} webhook of {order}, attempt {attempt}", due_fault_begins: "{at} fault {fault} begins", due_fault_ends: "{at} fault {fault} ends", move_there: "Move the clock there", due_nothing: "Nothing is due.",
    webhook_rules: "How webhooks arrive", rule_before: "before the answer", rule_twice: "twice", rule_late: "10 minutes late", rule_contradictory: "contradicting", rule_dropped: "dropped", rule_made: "Applies from the next webhook on", applied: "applied {applied}",
    nothing_arrived: "No call has arrived yet.", arrived: "Last call: {time} {what}", base: "Base URL", base_hint: "Point your API calls and the script of the payment window here.", secret: "Secret key", client: "Client key", keys_hidden: "The secret key was shown once, when it was made: put it in place of SECRET_KEY below.", curl: "Pay by curl", curl_hint: "Creates a payment and approves it.", pytest: "pytest", pytest_hint: "Each test gets a sandbox of its own.", sdk: "SDK of the payment window", sdk_hint: "With this script a page behaves as with the real SDK.",
    no_requests: "No request has come to this sandbox.", no_webhooks: "This contract has no webhooks. Choose a sandbox on the toss contract.", listen_at: "Send them to", listen: "Register", test_event: "Test event", test_sent: "The test event was sent", no_signature: "As at the real provider, webhooks of payments carry no signature.", deliveries: "Deliveries", no_deliveries: "No webhook has been sent yet.", listening_now: "Registered", next_attempt: "next attempt {at}",
  },
};

const VERDICTS = {
  ko: {
    CHARGED_ONCE: "한 번만 청구됨", CHARGED_ONCE_OF_SEVERAL: "여러 번 요청했지만 한 번만 청구됨", CHARGED_ONCE_AFTER_LOSS: "응답은 유실됐지만 한 번만 청구됨",
    REFUNDED: "환불됨, 청구된 금액 없음", PARTLY_REFUNDED: "한 번 청구되고 일부 환불됨", CHARGED_TWICE: "두 번 청구됨", CHARGED_UNHEARD: "청구됐지만 가맹점이 응답을 못 받음",
    NO_ANSWER: "응답을 못 받음, 청구 안 됨", NOT_REFUNDED: "환불 안 됨", WEBHOOK_NOT_TAKEN: "청구됐지만 웹훅 수신 실패", REFUSED: "거절됨",
    NOT_OPENED: "결제창이 열리지 않음", WAITING: "승인 대기", AWAITING_DEPOSIT: "입금 대기", EXPIRED: "결제 시간 만료", ABORTED: "구매자가 그만둠",
  },
  en: {
    CHARGED_ONCE: "charged once", CHARGED_ONCE_OF_SEVERAL: "asked several times, charged once", CHARGED_ONCE_AFTER_LOSS: "an answer was lost, charged once",
    REFUNDED: "refunded, nothing is charged", PARTLY_REFUNDED: "charged once, a part refunded", CHARGED_TWICE: "charged twice", CHARGED_UNHEARD: "charged, and the answer never arrived",
    NO_ANSWER: "answer never arrived, not charged", NOT_REFUNDED: "not refunded", WEBHOOK_NOT_TAKEN: "charged, webhook not taken", REFUSED: "refused",
    NOT_OPENED: "the payment window did not open", WAITING: "waits for the confirm", AWAITING_DEPOSIT: "waits for the deposit", EXPIRED: "the time to pay ran out", ABORTED: "the shopper gave up",
  },
};

const ACTS_KO = {
  "opens the window": "결제창을 엶", "pays in the window": "결제창에서 인증함", deposits: "입금함", "takes the deposit back": "입금을 취소함", "the time to pay runs out": "결제 시간이 만료됨",
};

// What a shopper's browser did, by the operation of its entry in the journal.
const BROWSER = {
  ko: {
    "open-window": "결제창을 엶", "open-billing-window": "카드·계좌 등록창을 엶", agree: "결제에 동의함", register: "카드나 계좌를 등록함",
    fail: "결제창에서 실패함", close: "결제창을 닫음", expire: "결제 시간을 만료시킴", "sdk-refusal": "SDK가 거절함",
  },
  en: {
    "open-window": "opens the window", "open-billing-window": "opens the window to register", agree: "agrees to pay", register: "registers a card or account",
    fail: "fails in the window", close: "closes the window", expire: "lets the time run out", "sdk-refusal": "is refused by the SDK",
  },
};

let chosen = kept() || document.documentElement.lang;

export const language = () => chosen;

export function choose(code) {
  chosen = code;
  document.documentElement.lang = code;
  try {
    localStorage.setItem(KEPT, code);
  } catch {
    // Where nothing can be kept, the choice holds until the page is left.
  }
}

export function word(name, values = {}) {
  const text = WORDS[chosen][name];
  return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
}

export function verdictWords(verdict) {
  const mark = { sound: "OK", trouble: "!", open: "…" }[verdict.tone];
  const said = VERDICTS[chosen][verdict.kind];
  return `${mark} ${said}${verdict.code ? ` (${verdict.code})` : ""}`;
}

export function actWords(row) {
  if (row.source?.lane === "shopper" && !(row.did in ACTS_KO) && !/^(pays|gives up)/.test(row.did)) return browserWords(row.source);
  if (chosen !== "ko") return row.did;
  if (row.lane === "shopper" && row.did.startsWith("pays by ")) return `${row.did.slice(8)}로 인증함`;
  if (row.lane === "shopper" && row.did.startsWith("gives up: ")) return `그만둠: ${row.did.slice(10)}`;
  if (row.lane === "fault") return row.did.replace(/^(.*) struck (.*)$/, "$2에 $1 발동");
  return ACTS_KO[row.did] || row.did;
}

// What a browser did, and what the page called where the SDK refused that.
export function browserWords(entry) {
  const said = BROWSER[chosen][entry.operation];
  return entry.operation === "sdk-refusal" ? `${said}: ${entry.path}()` : said;
}

const STATES = {
  toss: { INITIATED: "READY", AUTHENTICATED: "IN_PROGRESS", AWAITING_DEPOSIT: "WAITING_FOR_DEPOSIT", APPROVED: "DONE", PARTIALLY_CANCELED: "PARTIAL_CANCELED" },
  kiosk: { AUTHENTICATED: "INITIATED", AWAITING_DEPOSIT: "INITIATED", PARTIALLY_CANCELED: "APPROVED" },
};

// A state as the merchant's contract calls it.
export function stateWord(state, contract) {
  return STATES[contract][state] || state;
}

export function outcomeWords(row, contract) {
  const told = row.outcome.replace(/\b[A-Z_]+$/, (state) => stateWord(state, contract));
  if (chosen !== "ko") return told;
  return told.replace(/\bnow /, "→ ").replace(/, attempt (\d+)$/, ", $1번째 시도").replace(/\bsent nothing$/, "응답 없음").replace(/\bsent half$/, "절반만 보냄").replace(/\bsent garbage$/, "깨진 응답");
}

function kept() {
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked && asked in WORDS) return asked;
  try {
    const code = localStorage.getItem(KEPT);
    return code in WORDS ? code : null;
  } catch {
    return null;
  }
}
