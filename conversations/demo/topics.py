"""What a question to the demo model is about, and in which language."""

import re
from collections.abc import Iterable

# The first topic whose words occur in the question is answered.
TOPICS = {
    topic: re.compile(words, re.IGNORECASE)
    for topic, words in {
        "recall": (
            r"what (did|have|had) i (just |last )?(say|said|ask|asked|wr(i|o)te|tell)"
            r"|apa yang (tadi )?(saya|aku) (tadi )?(katakan|bilang|tanya|tulis)"
            r"|(saya|aku) (tadi )?(bilang|tanya|ngomong|tulis) apa"
            r"|我(刚才|刚刚|之前|前面|上面)?都?[说问写]了?些?(什么|啥|哪)"
            r"|(제가|내가|나는|저는).*(뭐|뭘|무엇|무슨|어떤).*(했|말|물|썼)"
        ),
        "about": (
            r"(who|what) are you|which model|api.?key|openai|instructions"
            r"|siapa kamu|kamu (itu )?siapa|model apa|kunci api|instruksi"
            r"|你是谁|你是什么|[什哪]么?个?模型|密钥|说明"
            r"|누구(세요|야|예요|니)|(어떤|무슨) 모델|api 키|지침"
        ),
        "footnote": r"footnote|catatan kaki|脚注|각주",
        "letter": (
            r"e-?mail|\bletter\b|write .*message|\bsurat|邮件|信件"
            r"|메일|편지|메시지를 써"
        ),
        "math": (
            r"math|formula|equation|latex|celsius|fahrenheit|rumus|matematika|persamaan"
            r"|公式|数学|方程|摄氏|华氏|수식|수학|방정식|섭씨|화씨"
        ),
        "table": r"\btable|\btabel|compare|banding|表格|比较|对比|표로|표를|비교",
        "code": (
            r"\bcode|python|javascript|program|kode|variabel|perulangan|\w+error"
            r"|代码|编程|코드|파이썬|프로그램"
        ),
        "tasks": (
            r"\btasks?\b|to-?do|check.?list|\bplan\b|daftar|tugas|rencana"
            r"|清单|任务|计划|할 ?일|체크리스트|계획"
        ),
        "everything": (
            r"markdown|what can you (do|show)|bisa apa|apa yang bisa|你能做|你会什么"
            r"|마크다운|할 수 있"
        ),
        "thanks": r"thank|terima ?kasih|makasih|谢谢|감사|고마",
        "greeting": (
            r"^\W*(hi|hello|hey|good (morning|evening)|halo|hai)\b|^(你好|您好|안녕)"
        ),
    }.items()
}

# Words that tell Indonesian from English, which share their letters.
INDONESIAN_WORDS = """
aku apa apakah bagaimana banget bisa buat contoh dan dari dengan dong gimana halo ini
itu jelaskan kak kamu kasih kode nggak sama saya siapa sih tabel tadi tampilkan tidak
tolong tulis untuk yang yuk
"""
ENGLISH_WORDS = """
a an and are can could did do does explain for give hello hi how i in is it me my of
please show tell that the this to was what which who why with write you your
"""
WORDS = {
    "id": frozenset(INDONESIAN_WORDS.split()),
    "en": frozenset(ENGLISH_WORDS.split()),
}
HANGUL, HAN = re.compile("[가-힣]"), re.compile("[\u4e00-\u9fff]")


def language_of(candidates: Iterable[str]) -> str:
    """Return the language of the first text that tells: "en", "id", "zh" or "ko"."""
    for text in candidates:
        if HANGUL.search(text):
            return "ko"
        if HAN.search(text):
            return "zh"
        words = re.findall("[a-z]+", text.lower())
        known = {name: sum(w in WORDS[name] for w in words) for name in WORDS}
        if any(known.values()):
            return max(known, key=known.get)
    return "en"


def topic_of(question: str) -> str:
    """Return what `question` is about: a key of TOPICS, or "other"."""
    for topic, words in TOPICS.items():
        if words.search(question):
            return topic
    return "other"
