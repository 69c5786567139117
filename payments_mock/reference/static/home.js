// Copies the line beside a button; where the browser lets no page write to its clipboard, no button is offered.
const copied = document.documentElement.lang === "ko" ? "복사했습니다" : "Copied";

function offer(button) {
  const line = button.parentElement.querySelector("code");
  const name = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(line.textContent);
    button.textContent = copied;
    setTimeout(() => { button.textContent = name; }, 2000);
  });
}

if (navigator.clipboard) document.querySelectorAll(".line button").forEach(offer);
