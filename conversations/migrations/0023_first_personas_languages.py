from django.db import migrations

ASSISTANT = {
    "id": {
        "name": "Asisten",
        "description": "Menjawab dulu, lalu menjelaskan seperlunya.",
        "greeting": "Halo. Sedang mengerjakan apa?",
        "starters": [
            "Jelaskan dalam lima kalimat bagaimana pelangi terbentuk",
            "Tulis pesan sopan untuk memundurkan rapat ke minggu depan",
            "Bandingkan menyewa dan membeli rumah dalam tabel",
            "Rencanakan akhir pekan yang tenang di kota tepi laut",
        ],
    },
    "zh-hans": {
        "name": "助手",
        "description": "先给答案，再按需要解释。",
        "greeting": "你好，今天想做点什么？",
        "starters": [
            "用五句话解释彩虹是怎么形成的",
            "写一条礼貌的消息，把会议改到下周",
            "用表格比较租房和买房",
            "规划一个海边城市的清静周末",
        ],
    },
    "zh-hant": {
        "name": "助手",
        "description": "先給答案，再按需要解釋。",
        "greeting": "你好，今天想做點什麼？",
        "starters": [
            "用五句話解釋彩虹是怎麼形成的",
            "寫一則有禮貌的訊息，把會議改到下週",
            "用表格比較租屋和買房",
            "規劃一個海邊城市的清靜週末",
        ],
    },
    "ko": {
        "name": "어시스턴트",
        "description": "먼저 답하고, 필요한 만큼만 설명합니다.",
        "greeting": "안녕하세요. 어떤 일을 하고 계세요?",
        "starters": [
            "무지개가 생기는 원리를 다섯 문장으로 설명해 주세요",
            "회의를 다음 주로 미루자는 정중한 메시지를 써 주세요",
            "집을 빌리는 것과 사는 것을 표로 비교해 주세요",
            "바닷가 도시에서 보내는 조용한 주말을 계획해 주세요",
        ],
    },
}
# The others speak one language, and greet in it: who cannot read it learns which.
KAK_PINTAR = {
    "en": {"description": "A relaxed, patient Python tutor for beginners. Indonesian."},
    "zh-hans": {"description": "轻松耐心的 Python 入门老师，讲印尼语。"},
    "zh-hant": {"description": "輕鬆又有耐心的 Python 入門老師，講印尼語。"},
    "ko": {"description": "초보자를 위한 편안한 파이썬 튜터. 인도네시아어로 답합니다."},
}
QUESTION_HELPER = {
    "en": {
        "name": "Question Helper",
        "description": "One question, one answer; nothing said before counts. Korean.",
    },
    "id": {
        "name": "Penjawab",
        "description": "Satu pertanyaan, satu jawaban, tanpa melihat yang sebelumnya. "
        "Berbahasa Korea.",
    },
    "zh-hans": {
        "name": "问答帮手",
        "description": "一问一答，不参考之前的对话，用韩语回答。",
    },
    "zh-hant": {
        "name": "問答幫手",
        "description": "一問一答，不參考之前的對話，用韓語回答。",
    },
}
HARU = {
    "en": {
        "name": "Haru",
        "description": "Easy company for the small things of the day. Korean.",
    },
    "id": {
        "name": "Haru",
        "description": "Teman ngobrol yang nyaman tentang hal sehari-hari. "
        "Berbahasa Korea.",
    },
    "zh-hans": {"name": "Haru", "description": "聊聊日常小事的轻松伙伴，讲韩语。"},
    "zh-hant": {"name": "Haru", "description": "聊聊日常小事的輕鬆夥伴，講韓語。"},
}
XIAOMO = {
    "en": {
        "name": "Xiao Mo",
        "description": "An assistant whose every word follows its instructions. "
        "Chinese.",
    },
    "id": {
        "name": "Xiao Mo",
        "description": "Asisten yang setiap katanya mengikuti petunjuknya. "
        "Berbahasa Mandarin.",
    },
    "zh-hant": {"description": "一言一行都寫在說明裡的中文助手，用簡體中文回答。"},
    "ko": {
        "name": "샤오모",
        "description": "말과 행동이 모두 지침에 적힌 도우미. 중국어로 답합니다.",
    },
}
TEXTS = {
    "assistant": ("Assistant", ASSISTANT),
    "kak-pintar": ("Kak Pintar", KAK_PINTAR),
    "question-helper": ("질문 도우미", QUESTION_HELPER),
    "haru": ("하루", HARU),
    "xiaomo": ("小墨", XIAOMO),
}


def add_languages(apps, schema_editor):
    """Say it in the other languages where a persona is still as the site came."""
    Persona = apps.get_model("conversations", "Persona")
    PersonaVersion = apps.get_model("conversations", "PersonaVersion")
    for slug, (name, texts) in TEXTS.items():
        found = Persona.objects.filter(slug=slug, name=name, version__number=1)
        for persona in found.filter(translations={}, version__author=None):
            persona.translations = _only(texts, ("name", "description"))
            persona.save(update_fields=["translations"])
            PersonaVersion.objects.filter(pk=persona.version_id).update(
                translations=_only(texts, ("greeting", "starters"))
            )


def _only(texts, names):
    found = {
        language: {name: text for name, text in said.items() if name in names}
        for language, said in texts.items()
    }
    return {language: said for language, said in found.items() if said}


class Migration(migrations.Migration):
    dependencies = [("conversations", "0022_persona_languages")]
    operations = [migrations.RunPython(add_languages, migrations.RunPython.noop)]
