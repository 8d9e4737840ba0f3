"""What the demo model says, by language.

`{question}`, `{quote}`, `{count}` and `{instructions}` are filled in by `assistant`.
"""

ENGLISH = {
    "greeting": (
        "Hello. I am the demo model of this site: a small program with prepared "
        "answers, so that you can try everything before a real model is connected.\n\n"
        "Ask me for a **table**, some **code**, a **formula**, a **checklist** or a "
        "**footnote** — or ask what you said before."
    ),
    "about": (
        "I am the **demo model**: not a language model, but a small program inside "
        "this site. Nothing you write to me leaves the server.\n\n{instructions}"
        "To get real answers, an administrator sets `OPENAI_API_KEY` in `.env` and "
        "restarts the site. Any server that speaks the OpenAI API works too: its "
        "address goes into `OPENAI_BASE_URL`."
    ),
    "instructions": "The persona I play was given these instructions:\n\n{quote}\n\n",
    "other": (
        "You asked:\n\n{quote}\n\nI would be guessing. I am the **demo model**, a "
        "small program with prepared answers, and this is not one of them. An "
        "administrator can connect a real model by setting `OPENAI_API_KEY`.\n\n"
        "What I can do:\n\n"
        "- show what a reply can hold: a *table*, *code*, a *formula*, a *checklist*, "
        "a *footnote*, or everything at once (ask for “Markdown”)\n"
        "- write a short, polite *e-mail*\n"
        "- remember this conversation: ask “What did I say?”"
    ),
    "recall": "Just before this you said:\n\n{quote}",
    "recall_more": "Earlier in this conversation, oldest first:",
    "recall_nothing": (
        "Nothing yet that I can see: this question is the first message I was sent. "
        "Tell me something and ask again."
    ),
    "thanks": "You are welcome. Ask for anything else you would like to see.",
    "table": (
        "Here is a table, of what changes once a real model is connected:\n\n"
        "| | Demo model | Real model |\n|---|:-:|:-:|\n"
        "| Answers any question | no | yes |\n"
        "| Remembers the conversation | yes | yes |\n"
        "| Needs a key | no | usually |\n"
        "| Cost of 1,000 replies | 0 | by the token |"
    ),
    "code": (
        "Here is a small program in Python:\n\n```python\n"
        'names = ["Ana", "Budi", "Chen"]  # a variable that holds a list\n\n'
        "for name in names:  # a loop: once for each name\n"
        '    print(f"Hello, {name}.")\n```\n\n'
        "The line under `for` begins with four spaces. Without them Python stops with "
        "an `IndentationError`: it cannot tell what belongs to the loop."
    ),
    "math": (
        "Here is a formula, from degrees Celsius to Fahrenheit:\n\n"
        "$$F = \\frac{9}{5} C + 32$$\n\n"
        "So 37 °C is $\\frac{9}{5} \\cdot 37 + 32 = 98.6$ °F."
    ),
    "tasks": (
        "Here is a checklist for the first days with this site:\n\n"
        "- [x] Start it and sign in\n- [x] Ask the demo model something\n"
        "- [ ] Set `OPENAI_API_KEY`\n- [ ] Make a persona in the admin\n"
        "- [ ] Invite the others"
    ),
    "footnote": (
        "A footnote stands at the end of a reply.[^1]\n\n"
        "[^1]: Like this one. The small arrow leads back."
    ),
    "letter": (
        "Here is a short e-mail to start from:\n\n"
        "> **Subject:** Our meeting\n>\n> Hello …,\n>\n"
        "> could we move our meeting to next week? Tuesday and Thursday suit me, at "
        "any time. I am sorry for the late change.\n>\n> Kind regards"
    ),
    "everything": "This is what a reply can hold.",
}

INDONESIAN = {
    "greeting": (
        "Halo. Saya model demo situs ini: program kecil dengan jawaban yang sudah "
        "disiapkan, supaya semuanya bisa dicoba sebelum model sungguhan dipasang.\n\n"
        "Minta saya menampilkan **tabel**, **kode**, **rumus**, **daftar tugas** atau "
        "**catatan kaki** — atau tanyakan apa yang tadi Anda katakan."
    ),
    "about": (
        "Saya **model demo**: bukan model bahasa, melainkan program kecil di dalam "
        "situs ini. Yang Anda tulis kepada saya tidak meninggalkan server.\n\n"
        "{instructions}Untuk jawaban sungguhan, administrator mengisi "
        "`OPENAI_API_KEY` di `.env` lalu menjalankan ulang situs. Server lain yang "
        "memakai API OpenAI juga bisa: alamatnya ditulis di `OPENAI_BASE_URL`."
    ),
    "instructions": "Persona yang saya perankan diberi instruksi ini:\n\n{quote}\n\n",
    "other": (
        "Anda bertanya:\n\n{quote}\n\nSaya hanya bisa menebak. Saya **model demo**, "
        "program kecil dengan jawaban yang sudah disiapkan, dan yang ini tidak "
        "termasuk. Administrator bisa memasang model sungguhan dengan mengisi "
        "`OPENAI_API_KEY`.\n\nYang bisa saya lakukan:\n\n"
        "- menunjukkan isi sebuah balasan: *tabel*, *kode*, *rumus*, *daftar tugas*, "
        "*catatan kaki*, atau semuanya sekaligus (minta “Markdown”)\n"
        "- menulis *surat* pendek yang sopan\n"
        "- mengingat percakapan ini: tanyakan “Apa yang saya katakan tadi?”"
    ),
    "recall": "Tepat sebelum ini Anda berkata:\n\n{quote}",
    "recall_more": "Sebelumnya dalam percakapan ini, dari yang paling lama:",
    "recall_nothing": (
        "Belum ada yang saya lihat: pertanyaan ini pesan pertama yang saya terima. "
        "Ceritakan sesuatu, lalu tanyakan lagi."
    ),
    "thanks": "Sama-sama. Minta saja kalau ada lagi yang ingin dilihat.",
    "table": (
        "Ini tabel tentang apa yang berubah setelah model sungguhan dipasang:\n\n"
        "| | Model demo | Model sungguhan |\n|---|:-:|:-:|\n"
        "| Menjawab pertanyaan apa pun | tidak | ya |\n"
        "| Mengingat percakapan | ya | ya |\n"
        "| Perlu kunci | tidak | biasanya |\n"
        "| Biaya 1.000 balasan | 0 | per token |"
    ),
    "code": (
        "Ini program kecil dalam Python:\n\n```python\n"
        'nama_teman = ["Ana", "Budi", "Chen"]  # variabel yang berisi daftar\n\n'
        "for nama in nama_teman:  # perulangan: sekali untuk setiap nama\n"
        '    print(f"Halo, {nama}.")\n```\n\n'
        "Baris di bawah `for` diawali empat spasi. Tanpa itu Python berhenti dengan "
        "`IndentationError`: ia tidak tahu baris mana yang termasuk perulangan."
    ),
    "math": (
        "Ini rumus dari derajat Celsius ke Fahrenheit:\n\n"
        "$$F = \\frac{9}{5} C + 32$$\n\n"
        "Jadi 37 °C adalah $\\frac{9}{5} \\cdot 37 + 32 = 98.6$ °F."
    ),
    "tasks": (
        "Ini daftar tugas untuk hari-hari pertama dengan situs ini:\n\n"
        "- [x] Jalankan dan masuk\n- [x] Tanyakan sesuatu kepada model demo\n"
        "- [ ] Isi `OPENAI_API_KEY`\n- [ ] Buat persona di admin\n"
        "- [ ] Undang yang lain"
    ),
    "footnote": (
        "Catatan kaki berada di akhir balasan.[^1]\n\n"
        "[^1]: Seperti ini. Panah kecil membawa kembali ke atas."
    ),
    "letter": (
        "Ini surat pendek sebagai awal:\n\n"
        "> **Perihal:** Rapat kita\n>\n> Yth. …,\n>\n"
        "> bolehkah rapat kita dipindah ke minggu depan? Hari Selasa dan Kamis saya "
        "bisa kapan saja. Mohon maaf atas perubahan yang mendadak ini.\n>\n"
        "> Hormat saya"
    ),
    "everything": "Inilah yang bisa dimuat sebuah balasan.",
}

CHINESE = {
    "greeting": (
        "你好。我是本站的演示模型：一个带有预设回答的小程序，"
        "让你在接入真正的模型之前先试用各项功能。\n\n"
        "可以让我展示**表格**、**代码**、**公式**、**清单**或**脚注**，"
        "也可以问我你刚才说了什么。"
    ),
    "about": (
        "我是**演示模型**：不是语言模型，而是运行在本站内的一个小程序。"
        "你写给我的内容不会离开这台服务器。\n\n{instructions}"
        "要得到真正的回答，请管理员在 `.env` 中设置 `OPENAI_API_KEY` 并重启站点。"
        "任何兼容 OpenAI API 的服务器也可以，把地址写入 `OPENAI_BASE_URL` 即可。"
    ),
    "instructions": "我扮演的角色收到了这样的说明：\n\n{quote}\n\n",
    "other": (
        "你的问题是：\n\n{quote}\n\n这个问题我只能猜。我是**演示模型**，"
        "一个带有预设回答的小程序，其中没有这一条。"
        "管理员设置 `OPENAI_API_KEY` 后即可接入真正的模型。\n\n我能做的有：\n\n"
        "- 展示回复里可以有什么：*表格*、*代码*、*公式*、*清单*、*脚注*，"
        "或者一次全部展示（请说“Markdown”）\n"
        "- 写一封简短得体的*邮件*\n"
        "- 记住这次对话：问我“我刚才说了什么？”"
    ),
    "recall": "你上一条说的是：\n\n{quote}",
    "recall_more": "在这次对话里更早的消息，由远及近：",
    "recall_nothing": (
        "我还没有看到别的内容：这个问题是我收到的第一条消息。先说点什么，再问我一次。"
    ),
    "thanks": "不客气。还想看什么，直接说就好。",
    "table": (
        "这是一张表格，说明接入真正的模型之后有什么不同：\n\n"
        "| | 演示模型 | 真正的模型 |\n|---|:-:|:-:|\n"
        "| 回答任何问题 | 否 | 是 |\n| 记住对话 | 是 | 是 |\n"
        "| 需要密钥 | 否 | 通常需要 |\n| 1,000 条回复的费用 | 0 | 按 token 计 |"
    ),
    "code": (
        "这是一个 Python 小程序：\n\n```python\n"
        'names = ["小安", "小白", "小陈"]  # 变量，里面是一个列表\n\n'
        "for name in names:  # 循环：每个名字执行一次\n"
        '    print(f"你好，{name}。")\n```\n\n'
        "`for` 下面的一行以四个空格开头。没有它们，Python 会报 `IndentationError`："
        "它分不清哪些行属于循环。"
    ),
    "math": (
        "这是摄氏度换算成华氏度的公式：\n\n"
        "$$F = \\frac{9}{5} C + 32$$\n\n"
        "所以 37 °C 等于 $\\frac{9}{5} \\cdot 37 + 32 = 98.6$ °F。"
    ),
    "tasks": (
        "这是开始使用本站时的清单：\n\n"
        "- [x] 启动并登录\n- [x] 向演示模型提问\n"
        "- [ ] 设置 `OPENAI_API_KEY`\n- [ ] 在后台新建一个角色\n- [ ] 邀请其他人"
    ),
    "footnote": (
        "脚注位于回复的末尾。[^1]\n\n[^1]: 就像这一条。点小箭头可以回到原处。"
    ),
    "letter": (
        "这是一封简短的邮件，可以在此基础上修改：\n\n"
        "> **主题：** 请假一天\n>\n> ……您好：\n>\n"
        "> 我因个人事务想在下周二请假一天，手头的工作会提前安排好，"
        "有急事可以随时打电话给我。望批准。\n>\n> 此致\n> 敬礼"
    ),
    "everything": "一条回复里可以有这些内容。",
}

KOREAN = {
    "greeting": (
        "안녕하세요. 저는 이 사이트의 데모 모델입니다. 실제 모델을 연결하기 전에 모든 "
        "기능을 써 볼 수 있도록, 준비된 답변을 내놓는 작은 프로그램이에요.\n\n"
        "**표**, **코드**, **수식**, **체크리스트**, **각주**를 보여 달라고 하거나, "
        "방금 뭐라고 말했는지 물어보세요."
    ),
    "about": (
        "저는 **데모 모델**입니다. 언어 모델이 아니라 이 사이트 안에서 도는 작은 "
        "프로그램이에요. 제게 쓰신 내용은 서버 밖으로 나가지 않습니다.\n\n"
        "{instructions}실제 답변을 받으려면 관리자가 `.env`에 `OPENAI_API_KEY`를 넣고 "
        "사이트를 다시 시작하면 됩니다. OpenAI API와 호환되는 다른 서버도 쓸 수 있으며 "
        "주소는 `OPENAI_BASE_URL`에 적습니다."
    ),
    "instructions": "제가 맡은 페르소나는 이런 지침을 받았습니다.\n\n{quote}\n\n",
    "other": (
        "이렇게 물어보셨어요.\n\n{quote}\n\n제가 답하면 추측일 뿐이에요. 저는 준비된 "
        "답변만 가진 작은 프로그램인 **데모 모델**이고, 이 질문의 답은 준비되어 있지 "
        "않습니다. 관리자가 `OPENAI_API_KEY`를 설정하면 실제 모델이 연결됩니다.\n\n"
        "제가 할 수 있는 일은 이렇습니다.\n\n"
        "- 답변에 담을 수 있는 것 보여 드리기: *표로*, *코드*, *수식*, *체크리스트*, "
        "*각주*, 또는 한꺼번에(“마크다운”이라고 해 보세요)\n"
        "- 짧고 정중한 *메일* 쓰기\n"
        "- 이 대화 기억하기: “제가 방금 뭐라고 했죠?”라고 물어보세요"
    ),
    "recall": "바로 앞에서 이렇게 말씀하셨어요.\n\n{quote}",
    "recall_more": "이 대화에서 그보다 먼저 하신 말씀을 오래된 것부터 적어 볼게요.",
    "recall_nothing": (
        "아직 보이는 것이 없어요. 이 질문이 제가 받은 첫 메시지입니다. "
        "무엇이든 말씀하신 다음 다시 물어보세요."
    ),
    "thanks": "천만에요. 더 보고 싶은 것이 있으면 말씀해 주세요.",
    "table": (
        "실제 모델을 연결하면 무엇이 달라지는지 표로 정리했어요.\n\n"
        "| | 데모 모델 | 실제 모델 |\n|---|:-:|:-:|\n"
        "| 어떤 질문에도 답함 | 아니요 | 예 |\n| 대화를 기억함 | 예 | 예 |\n"
        "| 키가 필요함 | 아니요 | 보통 필요 |\n| 답변 1,000개의 비용 | 0 | 토큰당 |"
    ),
    "code": (
        "파이썬으로 쓴 작은 프로그램이에요.\n\n```python\n"
        'names = ["안나", "보람", "찬희"]  # 리스트를 담은 변수\n\n'
        "for name in names:  # 반복문: 이름마다 한 번씩\n"
        '    print(f"안녕하세요, {name} 님.")\n```\n\n'
        "`for` 아래 줄은 공백 네 칸으로 시작합니다. 공백이 없으면 어디까지가 반복인지 "
        "알 수 없어서 `IndentationError`가 납니다."
    ),
    "math": (
        "섭씨를 화씨로 바꾸는 수식이에요.\n\n"
        "$$F = \\frac{9}{5} C + 32$$\n\n"
        "그래서 37 °C는 $\\frac{9}{5} \\cdot 37 + 32 = 98.6$ °F입니다."
    ),
    "tasks": (
        "이 사이트를 시작할 때의 체크리스트예요.\n\n"
        "- [x] 실행하고 로그인하기\n- [x] 데모 모델에게 물어보기\n"
        "- [ ] `OPENAI_API_KEY` 설정하기\n- [ ] 관리 화면에서 페르소나 만들기\n"
        "- [ ] 다른 사람 초대하기"
    ),
    "footnote": (
        "각주는 답변의 끝에 놓입니다.[^1]\n\n"
        "[^1]: 이렇게요. 작은 화살표를 누르면 원래 자리로 돌아갑니다."
    ),
    "letter": (
        "이렇게 시작해 보세요.\n\n"
        "> **제목:** 회의 일정 변경 요청\n>\n> … 님께\n>\n"
        "> 안녕하세요. 예정된 회의를 다음 주로 미룰 수 있을지 여쭙니다. 화요일과 "
        "목요일은 언제든 괜찮습니다. 갑작스럽게 말씀드려 죄송합니다.\n>\n> 감사합니다."
    ),
    "everything": "답변에는 이런 것들을 담을 수 있어요.",
}

TEXTS = {"en": ENGLISH, "id": INDONESIAN, "zh": CHINESE, "ko": KOREAN}
