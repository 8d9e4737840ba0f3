DATETIME_FORMAT = "Y년 n월 j일 A g:i"  # 2026년 9월 5일 오전 9:30
SHORT_DATE_FORMAT = "Y.n.j."
SHORT_DATETIME_FORMAT = "Y.n.j. A g:i"
