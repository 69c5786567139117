// Times as people read them: on this machine's clock, to the second or the millisecond.
import { language } from "./words.js";

export function clockTime(text, withMillis = false) {
  const moment = new Date(text);
  const parts = [moment.getHours(), moment.getMinutes(), moment.getSeconds()].map((part) => String(part).padStart(2, "0"));
  return parts.join(":") + (withMillis ? `.${String(moment.getMilliseconds()).padStart(3, "0")}` : "");
}

export function dayAndTime(text) {
  const locale = language() === "ko" ? "ko-KR" : "en-GB";
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" }).format(new Date(text));
}

export function won(amount) {
  if (amount === null || amount === undefined) return "";
  const number = new Intl.NumberFormat("en-US").format(amount);
  return language() === "ko" ? `${number}원` : `${number} KRW`;
}
