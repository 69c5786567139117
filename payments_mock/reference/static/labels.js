/* What the viewer leaves out: Korean labels, and names and ways for readers who do not see or do not point. */
const KOREAN = {
  Authorize: "인증",
  Authorized: "인증됨",
  Logout: "로그아웃",
  Close: "닫기",
  "Available authorizations": "인증 방법",
  "Username:": "사용자 이름:",
  "Password:": "비밀번호:",
  "Value:": "값:",
  "Name:": "이름:",
  Parameters: "파라미터",
  "No parameters": "파라미터 없음",
  "Request body": "요청 본문",
  required: "필수",
  Responses: "응답",
  Response: "응답",
  "Server response": "서버 응답",
  "Response body": "응답 본문",
  "Response headers": "응답 헤더",
  "Request URL": "요청 URL",
  "Request duration": "걸린 시간",
  Curl: "curl",
  Code: "상태",
  Details: "내용",
  Name: "이름",
  Description: "설명",
  Links: "링크",
  "No links": "없음",
  Execute: "실행",
  Clear: "지우기",
  Reset: "처음 값으로",
  Cancel: "취소",
  "Try it out ": "호출해 보기",
  Download: "내려받기",
  "Example Value": "예제",
  Schema: "스키마",
  "Media type": "형식",
  "Parameter content type": "형식",
  Schemas: "스키마",
  "Send empty value": "빈 값 보내기",
  "Default value": "기본값",
  "Available values": "가능한 값",
  "Servers": "서버",
  "Error: ": "오류: ",
  Undocumented: "문서에 없는 상태",
  "Expand all": "모두 펼치기",
  "Collapse all": "모두 접기",
};

function translate(text) {
  const korean = KOREAN[text.nodeValue] ?? KOREAN[text.nodeValue.trim()];
  // What shows an answer, a body or a schema is data.
  if (korean && korean !== text.nodeValue && !text.parentElement?.closest("pre, textarea, .microlight, .prop-name")) text.nodeValue = korean;
}

function translateWithin(node) {
  if (node.nodeType === Node.TEXT_NODE) translate(node);
  else if (node.nodeType === Node.ELEMENT_NODE) {
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) translate(walker.currentNode);
  }
}

const isKorean = document.documentElement.lang === "ko";

/* What has no name, or can't be reached by keys, and what to set there. */
const UNNAMED = {
  "textarea.body-param__text": (area) => area.setAttribute("aria-label", isKorean ? "요청 본문" : "Request body"),
  ".copy-to-clipboard button": (button) => button.setAttribute("aria-label", isKorean ? "복사" : "Copy"),
  "select.examples-select-element": (choice) => choice.setAttribute("aria-label", isKorean ? "응답 예시" : "Example of an answer"),
  ".copy-to-clipboard[title]": (part) => { if (isKorean) part.title = "복사"; },
  "pre.microlight, .highlight-code": (text) => { text.tabIndex = 0; },
  "table.responses-table, table.live-responses-table": (table) => table.removeAttribute("role"),
};

function name(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  for (const [selector, set] of Object.entries(UNNAMED)) {
    if (node.matches(selector)) set(node);
    node.querySelectorAll(selector).forEach(set);
  }
}

/** Add what is left out within `place`, now and whenever the viewer draws. */
export function mendLabels(place) {
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "characterData") {
        if (isKorean) translate(change.target);
        continue;
      }
      change.addedNodes.forEach(name);
      if (isKorean) change.addedNodes.forEach(translateWithin);
    }
  }).observe(place, { childList: true, characterData: true, subtree: true });
}
