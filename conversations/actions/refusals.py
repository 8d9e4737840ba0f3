class Refusal(Exception):
    """The site does not do that; nothing was changed.

    `code` is for programs, `detail` a translated sentence for the person.
    """

    def __init__(self, code, detail):
        super().__init__(detail)
        self.code = code
        self.detail = str(detail)
